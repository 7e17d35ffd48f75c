import * as v from 'valibot';
import type { Json } from './config.js';
import { messageOf } from './errors.js';
import { parseJson } from './parse_json.js';

// The schemas of valibot's own for objects leave `constructor`, `prototype` and `__proto__` out, unchecked and unsaid. In a file
// they are names like any other.

/** A whole number that is no less than this, and one that a float64 holds exactly. */
export function whole(least: number): v.GenericSchema<number> {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(least));
}

/** A number above 0, such as a learning rate. */
export const positive: v.GenericSchema<number> = v.pipe(v.number(), v.gtValue(0));

/** A number from 0 on, such as the weight of a term that may be left out. */
export const notNegative: v.GenericSchema<number> = v.pipe(v.number(), v.minValue(0));

/** An object of these entries and no others: any other key is an issue that names it. */
export function exactly<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, undefined> {
  // Without a prototype, so that only what is listed is known.
  const known: Entries = Object.assign(Object.create(null) as object, entries);
  return v.strictObject(known);
}

/** What a schema accepts, as it was given: with the keys that the schema's own output would lack. */
export function asGiven<S extends v.GenericSchema>(schema: S): S {
  const run: S['~run'] = (dataset, config) => {
    const { value } = dataset;
    const found = schema['~run'](dataset, config);
    return found.typed ? { ...found, value: value as v.InferOutput<S> } : found;
  };
  return { ...schema, '~run': run };
}

/** An object whose keys may be any, each with a value of one schema. */
export function recordOf<T>(
  value: v.GenericSchema<unknown, T>,
): v.GenericSchema<unknown, Readonly<Record<string, T>>> {
  return v.pipe(
    v.unknown(),
    asGiven(v.looseObject({})),
    v.rawTransform(({ dataset: { value: input }, addIssue, NEVER }) => {
      const entries: [string, T][] = [];
      for (const [key, each] of Object.entries<unknown>(input)) {
        const parsed = v.safeParse(value, each);
        if (!parsed.success) {
          const [{ message, expected, received, path }] = parsed.issues;
          const here: v.ObjectPathItem = {
            type: 'object',
            origin: 'value',
            input,
            key,
            value: each,
          };
          addIssue({
            message,
            received,
            ...(expected !== null && { expected }),
            path: [here, ...((path ?? []) as v.IssuePathItem[])],
          });
          return NEVER;
        }
        entries.push([key, parsed.output]);
      }
      return Object.fromEntries(entries);
    }),
  );
}

/** JSON in a text, as in the metadata of a file, within the limits of all JSON from outside. */
export const jsonText: v.GenericSchema<string, Json> = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return parseJson(dataset.value, 'it');
    } catch (thrown) {
      addIssue({ message: messageOf(thrown), expected: 'JSON', received: 'something else' });
      return NEVER;
    }
  }),
);
