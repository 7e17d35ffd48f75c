import { FileError, parseJson, type Store } from '@elbo/core';
import * as v from 'valibot';

/** A figure as JSON has it: what is not finite is `null` there. */
export const figure: v.GenericSchema<unknown, number | string> = v.union([
  v.string(),
  v.pipe(
    v.nullable(v.number()),
    v.transform((value) => value ?? NaN),
  ),
]);

/**
 * What a JSON file holds; `undefined` when there is none.
 *
 * @param where Names the file in errors.
 * @throws FileError when it cannot be read or is not of that form.
 */
export async function readJson<S extends v.GenericSchema>(
  files: Store,
  name: string,
  schema: S,
  where: string,
): Promise<v.InferOutput<S> | undefined> {
  if (!(await files.list()).includes(name)) return undefined;
  const parsed = v.safeParse(schema, parseJson(await files.read(name), where));
  if (parsed.success) return parsed.output;
  const [{ message, ...issue }] = parsed.issues;
  throw new FileError(
    `${where} does not have the expected form: ${v.getDotPath(issue as v.BaseIssue<unknown>) ?? 'it'}: ${message}.`,
  );
}
