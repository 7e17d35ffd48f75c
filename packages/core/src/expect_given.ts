import { ConfigError } from './errors.js';

/** Options whose type is the same wherever they occur; others are checked where they are used. */
const numbers = new Set(['hidden', 'shape']);
/** Those that other factories make, with a function that each has. */
const parts: Readonly<Record<string, string>> = {
  network: 'apply',
  discriminator: 'apply',
  critic: 'apply',
  prior: 'sample',
  encoder: 'posterior',
  decoder: 'likelihood',
  divergence: 'evaluate',
  schedule: 'at',
};
/** Lists or records of such. */
const several: Readonly<Record<string, string>> = { terms: 'evaluate', discriminators: 'apply' };

/**
 * Fails unless a factory was given its options and each of those named, and lists and parts are such: the compiler sees to it in TypeScript, and nobody
 * in JavaScript.
 *
 * @throws ConfigError that names the factory and the option.
 */
export function expectGiven<Options extends object>(
  factory: string,
  options: Options,
  ...names: readonly (keyof Options & string)[]
): void {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null)
    throw new ConfigError(
      `${factory}: takes an object of options${names.length > 0 ? `, { ${names.join(', ')}, … }` : ''}.`,
    );
  for (const name of names)
    if (options[name] === undefined || options[name] === null)
      throw new ConfigError(`${factory}: option '${name}' is missing.`);
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (value === undefined) continue;
    const what = `option '${name}'`;
    if (value === null)
      throw new ConfigError(`${factory}: ${what} is null; leave it out, or give a value.`);
    if ((numbers.has(name) || name === 'terms') && !Array.isArray(value))
      refuse(factory, what, 'a list, [ … ],', value);
    if (numbers.has(name))
      for (const [i, size] of (value as readonly unknown[]).entries())
        if (typeof size !== 'number') refuse(factory, `option '${name}[${i}]'`, 'a number,', size);
    if (Object.hasOwn(parts, name)) expectPart(factory, what, value, parts[name]!);
    if (Object.hasOwn(several, name)) expectParts(factory, what, value, several[name]!);
  }
}

/**
 * Fails unless a value is what another factory makes: an object with a config, and the function `has`.
 *
 * @throws ConfigError that names the factory, and `what` should be a part.
 */
function expectPart(factory: string, what: string, value: unknown, has: string): void {
  const part = value as Readonly<Record<string, unknown>> | null | undefined;
  const config = part?.config as { readonly kind?: unknown } | null | undefined;
  if (
    typeof part === 'object' &&
    typeof config?.kind === 'string' &&
    typeof part?.[has] === 'function'
  )
    return;
  refuse(
    factory,
    what,
    `a part that another factory makes, with a 'config' and a function '${has}',`,
    value,
  );
}

/** `expectPart` of each member of a list or a record. */
export function expectParts(factory: string, what: string, value: unknown, has: string): void {
  if (typeof value !== 'object' || value === null)
    refuse(factory, what, 'a list or a record,', value);
  // An empty place of a list has no entry otherwise.
  const members = Array.isArray(value)
    ? [...(value as unknown[]).entries()]
    : Object.entries(value);
  for (const [name, member] of members) expectPart(factory, `${what}, at '${name}',`, member, has);
}

function refuse(factory: string, what: string, should: string, value: unknown): never {
  throw new ConfigError(`${factory}: ${what} should be ${should} not ${shown(value)}.`);
}

function shown(value: unknown): string {
  if (typeof value === 'object') return value === null ? 'null' : 'an object of another kind';
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : `of type ${typeof value}`;
}
