import { ConfigError } from './errors.js';

/** Options whose type is the same wherever they occur; others are checked where they are used. */
const lists = new Set(['hidden', 'shape', 'terms']);
const parts = new Set([
  'network',
  'prior',
  'encoder',
  'decoder',
  'discriminator',
  'discriminators',
  'critic',
  'schedule',
]);

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
  for (const name of names) {
    const value: unknown = options[name];
    if (value === undefined || value === null)
      throw new ConfigError(`${factory}: option '${name}' is missing.`);
  }
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (value === undefined) continue;
    if (lists.has(name) && !Array.isArray(value))
      throw new ConfigError(
        `${factory}: option '${name}' should be a list, [ … ], not ${shown(value)}.`,
      );
    if (parts.has(name) && (typeof value !== 'object' || value === null))
      throw new ConfigError(
        `${factory}: option '${name}' should be a part that another factory makes, not ${shown(value)}.`,
      );
  }
}

function shown(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : value === null
      ? 'null'
      : `of type ${typeof value}`;
}
