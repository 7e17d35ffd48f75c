import { mapTree, type Params } from '@elbo/core';
import { fold, key, normal } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import type { Optimiser } from '../src/index.js';

/** Parameters on several levels, 9 numbers. */
export function tree(name: string): Params {
  const draw = (leaf: string, shape: number[]): tf.Tensor =>
    tf.tensor(normal(fold(fold(key(1), name), leaf), tf.util.sizeFromShape(shape)), shape);
  return {
    encoder: {
      dense_0: { kernel: draw('kernel', [2, 3]), bias: draw('bias', [1]) },
      scale: draw('scale', []),
    },
    anchor: draw('anchor', [1, 1]),
  };
}

/** The numbers of a tree, by path. */
export function numbers(params: Params): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  mapTree(params, (tensor, path) => {
    found[path] = Array.from(tensor.dataSync());
    return tensor;
  });
  return found;
}

/** Runs an optimiser on gradients given by the step and the parameters; the final parameters. */
export function run(
  optimiser: Optimiser,
  start: Params,
  steps: number,
  gradientsAt: (step: number, params: Params) => Params,
): Params {
  let params = mapTree(start, (tensor) => tf.clone(tensor));
  let state = optimiser.init(params);
  for (let step = 0; step < steps; step++) {
    const next = optimiser.step(gradientsAt(step, params), state, params, step);
    tf.dispose(params);
    ({ params, state } = next);
  }
  tf.dispose(state);
  return params;
}
