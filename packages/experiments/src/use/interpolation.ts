import { sizeOf } from '@elbo/core';
import { subset } from '@elbo/datasets';
import { fold, key } from '@elbo/random';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { quiet } from '../host.js';
import { RequestError } from '../request_error.js';
import { codes } from './codes.js';
import type { LoadedRun } from './load_run.js';
import { inParts } from './parts.js';
import { onRows } from './rows.js';
import { alphabetOf, expectEncoder } from './samples.js';
import type { Values } from './values.js';

/** Which way from one code to the next: the straight line, or at a steady angle about the origin. */
export type Path = 'straight' | 'sphere';

/** What is interpolated. */
export interface InterpolationOptions {
  /** Held-out rows, two or more: each is the end of one line and the begin of the next. */
  readonly rows: readonly number[];
  /** Images of each line, its ends among them. */
  readonly steps: number;
  readonly path: Path;
  readonly seed: number;
}

/**
 * What the decoder makes along the way between the codes of rows, means of p(x|z): `steps` for each pair of rows that follow each other.
 *
 * @throws RequestError for a model without an encoder, and for rows that there are not.
 */
export async function interpolation(
  run: LoadedRun,
  { rows: chosen, steps, path, seed }: InterpolationOptions,
): Promise<Values> {
  expectEncoder(run, 'interpolate');
  const { model, params, rows } = run;
  const test = await rows.read();
  const stranger = chosen.find((row) => row >= test.size);
  if (stranger !== undefined)
    throw new RequestError(`--rows ${stranger}: the held-out rows are 0 to ${test.size - 1}.`);
  const ends = subset(test, chosen);
  const { values, dim } = await codes(run, ends, { seed }, quiet);
  const given = await conditionsOf(run, ends, seed);
  const along = linesOf(values, dim, steps, path === 'sphere' ? onSphere : straight);
  const conditions = given && linesOf(given.values, given.size, steps, straight);
  const count = along.length / dim;
  const made = await inParts(count, sizeOf(rows.shape), (first, part) =>
    tidy(() => {
      const cut = (all: Float32Array, size: number) =>
        tensor2d(all.slice(first * size, (first + part) * size), [part, size]);
      const condition = conditions && cut(conditions, given.size);
      return model.decode(params.primal, cut(along, dim), condition);
    }),
  );
  return {
    values: made,
    shape: rows.shape,
    fields: rows.fields,
    alphabet: await alphabetOf(rows),
  };
}

/** The conditions of rows, where they have any. */
async function conditionsOf(
  { model }: LoadedRun,
  data: Parameters<typeof onRows>[0],
  seed: number,
): Promise<{ readonly values: Float32Array; readonly size: number } | undefined> {
  const noise = fold(key(seed), 'interpolation');
  return onRows(
    data,
    { count: data.size, noise, model },
    async ({ condition }) =>
      condition && { values: await condition.data<'float32'>(), size: condition.shape[1] },
  );
}

type Between = (a: Float32Array, b: Float32Array, t: number) => Float32Array;

/** The points between each two that follow each other, `steps` of them, the ends themselves to the bit. */
function linesOf(points: Float32Array, dim: number, steps: number, between: Between): Float32Array {
  const at = (i: number): Float32Array => points.subarray(i * dim, (i + 1) * dim);
  const lines = points.length / dim - 1;
  const all = new Float32Array(lines * steps * dim);
  for (let line = 0; line < lines; line++)
    for (let step = 0; step < steps; step++) {
      const t = step / (steps - 1);
      const point =
        t === 0 ? at(line) : t === 1 ? at(line + 1) : between(at(line), at(line + 1), t);
      all.set(point, (line * steps + step) * dim);
    }
  return all;
}

/** The straight line from a to b. */
export const straight: Between = (a, b, t) => a.map((value, i) => (1 - t) * value + t * b[i]!);

/**
 * The arc from a to b (spherical linear interpolation; Shoemake 1985, White 2016): draws of a wide normal prior lie about a sphere,
 * which a straight line leaves. Of points at the same or opposite angles it is the straight line.
 */
export const onSphere: Between = (a, b, t) => {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
  const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
  // NaN where a code is the origin.
  if (!(Math.sin(angle) > 1e-6)) return straight(a, b, t);
  const [from, to] = [Math.sin((1 - t) * angle), Math.sin(t * angle)];
  return a.map((value, i) => (from * value + to * b[i]!) / Math.sin(angle));
};
