/** A JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a factory was called with, as JSON: `registry.build(category, config)` gives an equal value back. */
export interface Config {
  readonly kind: string;
  readonly [option: string]: Json;
}

/** Whether a value, an option of a config say, is a config itself. */
export function isConfig(value: unknown): value is Config {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
