/** A JSON value. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a factory was called with, as JSON: `registry.build(category, config)` gives an equal value back. */
export interface Config {
  readonly kind: string;
  readonly [option: string]: Json;
}
