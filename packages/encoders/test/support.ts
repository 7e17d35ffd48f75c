import { flatten, mapTree, type Mode, type Params } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import type { Ability, AnyEncoder, PosteriorOf, Sampled } from '@elbo/objectives';
import { fold, key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  anchoredEncoder,
  basisEncoder,
  flowEncoder,
  gaussianEncoder,
  implicitEncoder,
  type EncoderOptions,
} from '../src/index.js';

/** How parts are applied in these tests. */
export const mode: Mode = { training: true, key: key(11) };

const base: EncoderOptions = { network: mlp({ hidden: [5], activation: 'tanh' }), latent: 3 };

/** One encoder of every sort, for data of shape [2, 2, 1] and z of dimension 3. */
export const encoders: Readonly<Record<string, () => AnyEncoder>> = {
  gaussian: () => gaussianEncoder(base),
  'full gaussian': () => gaussianEncoder({ ...base, covariance: 'full', logVarOffset: -1 }),
  implicit: () => implicitEncoder({ ...base, noise: 2, hidden: [6, 4], outputNoise: 1e-3 }),
  'implicit in layers': () =>
    implicitEncoder({ latent: 3, noise: 2, hidden: [6, 4], inject: 'layers', activation: 'tanh' }),
  basis: () => basisEncoder({ ...base, basis: 4, noise: 2, hidden: [6] }),
  'basis of residual networks': () =>
    basisEncoder({ ...base, basis: 2, noise: base.latent + 1, hidden: [6], residual: true }),
  'basis with noise': () =>
    basisEncoder({ ...base, basis: 2, noise: 2, hidden: [6], outputNoise: 1e-3 }),
  anchored: () => anchoredEncoder({ ...base, noise: 2, hidden: [6] }),
  'anchored one-to-one': () => anchoredEncoder({ ...base, noise: 2, hidden: [6], lipschitz: 0.6 }),
  'planar flow': () => flowEncoder({ ...base, flow: 'planar', steps: 3 }),
  'autoregressive flow': () =>
    flowEncoder({ ...base, flow: 'autoregressive', steps: 2, hidden: [7, 6] }),
  'anchored mixture': () =>
    anchoredEncoder({ ...base, noise: 2, hidden: [6], noiseOnly: true, bound: 0.5 }),
};

/** The shape of the data that `encoders` take. */
export const shape = [2, 2, 1] as const;

/** `rows` data of that shape, from a seed. */
export function data(rows: number, seed = 1): tf.Tensor4D {
  return tf.tensor4d(normal(key(seed), rows * 4), [rows, ...shape]);
}

/** `rows` latents of dimension 3, from a seed. */
export function latents(rows: number, seed: number): tf.Tensor2D {
  return tf.tensor2d(normal(key(seed), rows * 3), [rows, 3]);
}

/** A kernel whose last `inputs` inputs have no effect. */
export function withoutLast(kernel: tf.Tensor, inputs: number): tf.Tensor {
  const [all, units] = kernel.shape as [number, number];
  return tf.concat([tf.slice(kernel, [0, 0], [all - inputs, units]), tf.zeros([inputs, units])], 0);
}

/** Parameters that are nowhere zero: each leaf plus small noise of its own. */
export function stirred(params: Params, scale = 0.4): Params {
  return mapTree(params, (leaf, path) =>
    tf.tidy(() => {
      const noise = tf.tensor(normal(fold(key(77), path), leaf.size), leaf.shape);
      return tf.add(leaf, tf.mul(noise, scale));
    }),
  );
}

/** The parameters with what `edit` gives for some paths, and copies of the others. */
export function edited(
  params: Params,
  edit: (path: string, leaf: tf.Tensor) => tf.Tensor | undefined,
): Params {
  return mapTree(params, (leaf, path) => edit(path, leaf) ?? tf.clone(leaf));
}

/** A posterior with all abilities in its type, to read what this one has. */
export function posteriorOf(
  encoder: AnyEncoder,
  params: Params,
  x: tf.Tensor,
  condition?: tf.Tensor2D,
): PosteriorOf<Ability> {
  const posterior: Sampled = encoder.posterior(params, mode, x, condition);
  return posterior as PosteriorOf<Ability>;
}

/** The values of a tensor. */
export function values(tensor: tf.Tensor): number[] {
  return Array.from(tensor.dataSync());
}

/** A loss's slope along a random direction of its parameters: by the tape, and by a difference quotient of fourth order. */
export function slopes(
  params: Params,
  loss: (params: Params) => tf.Scalar,
): { readonly tape: number; readonly difference: number; readonly unreached: readonly string[] } {
  const step = 4e-3;
  const direction = new Map(
    flatten(params).map(({ path, tensor }) => [path, normal(fold(key(5), path), tensor.size)]),
  );
  const along = (steps: number): number =>
    tf.tidy(() =>
      loss(
        mapTree(params, (leaf, path) =>
          tf.add(
            leaf,
            tf.tensor(
              direction.get(path)!.map((d) => d * step * steps),
              leaf.shape,
            ),
          ),
        ),
      ).dataSync(),
    )[0]!;
  const { p } = gradientsOf(() => ({ p: loss(params) }), { p: params });
  const tape = flatten(p.gradients)
    .map(({ path, tensor }) =>
      values(tensor).reduce((sum, g, i) => sum + g * direction.get(path)![i]!, 0),
    )
    .reduce((a, b) => a + b, 0);
  const difference = (8 * (along(1) - along(-1)) - along(2) + along(-2)) / (12 * step);
  return { tape, difference, unreached: p.unreached };
}
