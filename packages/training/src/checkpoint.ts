import {
  decodeSafetensors,
  encodeSafetensors,
  FileError,
  flatten,
  formatShape,
  jsonText,
  NumericalError,
  printable,
  sameShape,
  unflatten,
  whole,
  type HostTensor,
  type Json,
  type Leaf,
} from '@elbo/core';
import { vectorParts, type VectorPart } from '@elbo/optimisers';
import { dispose, tensor, type Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Sums } from './measurements.js';
import { stateFromTree, stateTree, type Best, type State } from './state.js';

/** What a checkpoint holds, on the host. */
export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, HostTensor>;
  readonly step: number;
  readonly seed: number;
  /** The version of the numerics that made it: see `numerics`. */
  readonly numerics: string;
  readonly best: Best | undefined;
  /** The metrics since the last report. */
  readonly sums?: Sums | undefined;
  /** The run's configuration. */
  readonly config: Json;
}

const version = '1';

/**
 * The version of the numerics: raised whenever the same configuration and seed come to other bits, by another order of a sum or
 * another draw.
 */
export const numerics = '2';

/** The name of a step's checkpoint in a store. */
export function checkpointName(step: number): string {
  return `${String(step).padStart(8, '0')}.safetensors`;
}

/** The name in a store of the best step's checkpoint, which none of a later step removes. */
export const bestCheckpointName = 'best.safetensors';

/** The names of a store's checkpoints by step, oldest first. */
export function checkpointNames(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => /^\d{8,}\.safetensors$/.test(name))
    .sort((a, b) => parseInt(a) - parseInt(b));
}

/** What a leaf of a state's tree is written as: an optimiser's vector as the leaves that it holds, on every backend alike. */
function partsOf(leaf: Leaf, { params }: State): readonly VectorPart[] {
  return vectorParts(leaf, leaf.path.startsWith('optimiser/dual/') ? params.dual : params.primal);
}

/**
 * A state as the bytes of a safetensors file, tensors named by path (`params/encoder/…`, `ema/…`, `optimiser/…`).
 *
 * @throws NumericalError that names the first tensor with a value that is not finite: it is never written.
 */
export async function encodeCheckpoint(
  state: State,
  { seed, config = null }: { seed: number; config?: Json },
): Promise<Uint8Array> {
  const tensors = new Map<string, HostTensor>();
  for (const leaf of flatten(stateTree(state))) {
    const all = await leaf.tensor.data<'float32'>();
    for (const { path, shape, from, to } of partsOf(leaf, state)) {
      const values = all.subarray(from, to);
      const bad = values.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0)
        throw new NumericalError(
          `'${path}' holds ${values[bad]!} after step ${state.step}; no checkpoint was written. Lower the learning rate, or clip gradients.`,
        );
      tensors.set(path, { shape, values });
    }
  }
  return encodeSafetensors({
    tensors,
    metadata: {
      format: 'elbo-checkpoint',
      version,
      step: String(state.step),
      seed: String(seed),
      numerics,
      ...(state.best && { best: JSON.stringify(state.best) }),
      ...(state.sums && { sums: JSON.stringify(state.sums) }),
      config: JSON.stringify(config),
    },
  });
}

const integer = v.pipe(v.string(), v.regex(/^-?\d+$/), v.transform(Number), v.safeInteger());
const natural = v.pipe(integer, v.minValue(0));
const count = whole(0);
const metadataSchema = v.object({
  format: v.literal('elbo-checkpoint'),
  version: v.literal(version),
  step: natural,
  seed: integer,
  // The first version did not say.
  numerics: v.optional(v.string(), '1'),
  best: v.optional(
    v.pipe(
      jsonText,
      v.object({
        metric: v.string(),
        value: v.number(),
        step: count,
        waited: count,
        validated: count,
      }),
    ),
  ),
  sums: v.optional(v.pipe(jsonText, v.array(v.strictTuple([v.string(), v.number(), count])))),
  config: jsonText,
});

/**
 * Reads a checkpoint and checks all of it.
 *
 * @param where Names the file in errors.
 * @throws FileError that says what is wrong with which file.
 */
export function decodeCheckpoint(bytes: Uint8Array, where: string): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, where);
  const parsed = v.safeParse(metadataSchema, metadata);
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new FileError(
      `${where} is not a checkpoint that this version can read: its metadata has ${v.getDotPath(issue) ?? '?'} = ${printable(issue.received.slice(0, 60))}, expected ${issue.expected ?? 'another value'}.`,
    );
  }
  for (const [name, { values }] of tensors)
    if (!values.every((value) => Number.isFinite(value)))
      throw new FileError(`${where}: tensor '${name}' holds a value that is not finite.`);
  const { step, seed, numerics: made, best, sums, config } = parsed.output;
  return { tensors, step, seed, numerics: made, best, sums, config };
}

/**
 * A checkpoint's state on the device, with the structure of `like`: the model's own initial state.
 *
 * @throws FileError that names the first tensor which is missing, unexpected or of another shape; nothing is left on the device.
 */
export function stateFrom(checkpoint: Checkpoint, like: State, where: string): State {
  const expected = flatten(stateTree(like));
  const unused = new Set(checkpoint.tensors.keys());
  const restored: Tensor[] = [];
  try {
    for (const { path, tensor: model } of expected) {
      const found = checkpoint.tensors.get(path);
      const wrong = !found
        ? 'is missing'
        : sameShape(found.shape, model.shape)
          ? undefined
          : `has shape ${formatShape(found.shape)}, not ${formatShape(model.shape)}`;
      if (!found || wrong !== undefined)
        throw new FileError(`${where} does not fit this model: tensor '${path}' ${wrong ?? ''}.`);
      unused.delete(path);
      restored.push(tensor(found.values, [...found.shape], 'float32'));
    }
    const [extra] = unused;
    if (extra !== undefined)
      throw new FileError(
        `${where} does not fit this model: it holds '${extra}', which the model lacks.`,
      );
  } catch (error) {
    dispose(restored);
    throw error;
  }
  const { step, best, sums } = checkpoint;
  return { ...stateFromTree(unflatten(stateTree(like), restored), step, best), sums };
}
