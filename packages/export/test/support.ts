import { flatten, mapTree } from '@elbo/core';
import type { DataForm, Model, ModelParams } from '@elbo/objectives';
import { fold, key, normal, uniform } from '@elbo/random';
import '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { computationOf, modelGraph, type ExportPart } from '../src/graph/model_graph.js';
import { disposeTrace, trace } from '../src/graph/trace.js';
import type { Graph } from '../src/graph/graph.js';

/** Arrays by name. */
export type Ran = Readonly<
  Record<string, { readonly shape: readonly number[]; readonly values: ArrayLike<number> }>
>;

/** Parameters that are nowhere zero. */
export function stirredParams(
  model: Model,
  { shape, conditions }: DataForm,
  scale = 0.2,
): ModelParams {
  const { primal, dual } = model.init(
    key(1),
    shape,
    conditions === undefined ? undefined : [conditions],
  );
  const stirred = mapTree({ ...primal, dual }, (leaf, path) =>
    tf.tidy(() =>
      tf.add(leaf, tf.mul(tf.tensor(normal(fold(key(7), path), leaf.size), leaf.shape), scale)),
    ),
  );
  const { dual: other, ...own } = stirred;
  return { primal: own, dual: other } as unknown as ModelParams;
}

/** Makes x of so many rows. */
export type Rows = (rows: number, shape: readonly number[]) => Float32Array;

const greys: Rows = (rows, shape) => uniform(key(3), rows * shape.reduce((a, b) => a * b, 1));

/** What our own code makes of rows, with the noise that it drew as the graph calls it. */
async function ours(
  { model, params, form, part, rows, x = greys }: Asked & { readonly rows: number },
  graph: Graph,
): Promise<{ readonly given: Ran; readonly made: Ran }> {
  const computation = computationOf(model, form, part);
  const shapes = computation.inputs(rows);
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, like]) => {
      const values = name === 'x' ? x(rows, form.shape) : normal(fold(key(9), name), like.size);
      return [name, tf.tensor(values, like.shape)] as const;
    }),
  );
  const found = trace(() => computation.run(params, inputs), { inputs, weights: new Map() });
  const wanted = Object.keys(found.outputs);
  const places = new Set(Object.values(found.outputs));
  const again = trace(
    () => computation.run(params, inputs),
    { inputs, weights: new Map() },
    places,
  );
  const made: Record<string, Ran[string]> = {};
  for (const name of wanted) {
    const { copy } = again.values[again.outputs[name]!]!;
    made[name] = { shape: copy!.shape, values: await copy!.data() };
  }
  const draws = again.values.filter(({ source }) => source.kind === 'noise');
  const given: Record<string, Ran[string]> = {};
  for (const [name, tensor] of Object.entries(inputs))
    given[name] = { shape: tensor.shape, values: await tensor.data() };
  // Noise of rows is given, in the order in which it is drawn; what nothing needs is skipped by its shape.
  let next = 0;
  for (const { name, shape, noise } of graph.inputs) {
    if (!noise) continue;
    const wantedShape = shape.map((dim) => (typeof dim === 'number' ? dim : dim.rows * rows));
    while (String(draws[next]!.shape) !== String(wantedShape)) next++;
    given[name] = { shape: wantedShape, values: await draws[next++]!.copy!.data() };
  }
  [found, again].forEach(disposeTrace);
  tf.dispose(Object.values(inputs));
  return { given, made };
}

/** A part of a model, and the rows that it is asked of. */
export interface Asked {
  readonly model: Model;
  readonly params: ModelParams;
  readonly form: DataForm;
  readonly part: ExportPart;
  readonly x?: Rows | undefined;
}

/** What makes a file of a graph and reads it, by its name. */
export type Readers = Readonly<Record<string, (graph: Graph, given: Ran) => Promise<Ran>>>;

/** Expects files to compute what our own code does, at numbers of rows that were not recorded. */
export async function expectSame(asked: Asked, readers: Readers): Promise<void> {
  const graph = await modelGraph(asked.model, asked.params, asked.form, asked.part);
  for (const rows of [1, 11]) {
    const { given, made } = await ours({ ...asked, rows }, graph);
    for (const [reader, run] of Object.entries(readers)) {
      const theirs = await run(graph, given);
      expect(Object.keys(theirs).sort()).toEqual([...graph.outputs.keys()].sort());
      for (const [name, found] of Object.entries(theirs))
        expectClose(found, made[name]!, `${reader}: ${asked.part} ${name} of ${rows} rows`);
    }
  }
}

/** Equal to 1e-5 of the largest output, as is promised. */
function expectClose({ shape, values }: Ran[string], own: Ran[string], what: string): void {
  expect(shape, what).toEqual(own.shape);
  const largest = Math.max(1e-3, ...Array.from(own.values, Math.abs));
  expect(Number.isFinite(largest), what).toBe(true);
  const apart = Array.from(own.values, (value, i) => Math.abs(value - values[i]!));
  expect(Math.max(...apart) / largest, what).toBeLessThan(1e-5);
}

/** Frees parameters. */
export function freed({ primal, dual }: ModelParams): void {
  tf.dispose(flatten({ ...primal, dual }).map(({ tensor }) => tensor));
}
