import { ConfigError, type Json } from '@elbo/core';

/** One `--set key=value`. */
export interface Setting {
  readonly key: string;
  readonly value: Json;
}

/**
 * JSON with the value at a dotted path replaced, such as `training.steps` or `model.prior.dim`. What reads the result
 * refuses options that it does not know; a known one may be new.
 *
 * @throws ConfigError when nothing is on the way to the path.
 */
export function replaceAt(json: Json, setting: Setting): Json {
  const place = (node: Json | undefined, [first, ...rest]: readonly string[]): Json => {
    if (first === undefined) return setting.value;
    const isObject = typeof node === 'object' && node !== null;
    if (!isObject || (rest.length > 0 && !Object.hasOwn(node, first)))
      throw new ConfigError(
        `${setting.key}: there is no '${first}'${isObject ? `; there are ${Object.keys(node).join(', ')}` : ' there'}.`,
      );
    if (node instanceof Array)
      return node.map((item: Json, i) => (String(i) === first ? place(item, rest) : item));
    const inner = Object.hasOwn(node, first)
      ? (node as Readonly<Record<string, Json>>)[first]
      : undefined;
    return { ...node, [first]: place(inner, rest) };
  };
  return place(json, setting.key.split('.'));
}
