import { ConfigError } from './errors.js';

/**
 * Fails unless a factory was given its options and each of those named: the compiler sees to it in TypeScript, and nobody
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
}
