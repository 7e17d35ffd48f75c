import { breath, disposeTree, macrotask, type Params } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import type { Optimiser } from '@elbo/optimisers';
import type { Scalar } from '@tensorflow/tfjs-core';

/** What one step goes by. */
export interface Minibatch {
  loss(params: Params): Scalar;
  dispose(): void;
}

/** How far, and who is told. */
export interface DescentOptions {
  readonly steps: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Aborts between steps. */
  readonly signal?: AbortSignal | undefined;
}

/** Progress is told after so many steps. */
const between = 20;

/**
 * Minimises the loss of minibatches from parameters that it consumes: what the networks of an evaluation are trained by,
 * which are small, and not kept as runs.
 *
 * @returns The last parameters, the caller's.
 */
export async function descend(
  start: Params,
  optimiser: Optimiser,
  minibatchAt: (step: number) => Minibatch | Promise<Minibatch>,
  { steps, onProgress, signal }: DescentOptions,
): Promise<Params> {
  let params = start;
  let state: Params = optimiser.init(params);
  let breathed = performance.now();
  try {
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      const before = params;
      const minibatch = await minibatchAt(step);
      try {
        const { loss } = gradientsOf(() => ({ loss: minibatch.loss(before) }), { loss: before });
        loss.value.dispose();
        ({ params, state } = optimiser.step(loss.gradients, state, before, step));
        disposeTree(before);
      } finally {
        minibatch.dispose();
      }
      if (step % between === 0) onProgress?.(step / steps);
      if (performance.now() - breathed <= breath) continue;
      await macrotask();
      breathed = performance.now();
    }
    return params;
  } catch (error) {
    disposeTree(params);
    throw error;
  } finally {
    disposeTree(state);
  }
}
