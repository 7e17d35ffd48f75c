import type { Params } from '@elbo/core';
import { scope } from '@elbo/gradients';
import type { Batch, Model, Primal, Term } from '@elbo/objectives';
import { adam, cosine } from '@elbo/optimisers';
import { fold, permutation, type Key } from '@elbo/random';
import { dispose, gather, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { descend, type Minibatch } from '../descend.js';

/** How a discriminator is trained afresh. */
export interface FitOptions {
  readonly key: Key;
  /** 2000 by default. */
  readonly steps?: number | undefined;
  /** Rows in a minibatch, each with fresh noise; 256 by default. */
  readonly batchSize?: number | undefined;
  /** Learning rate of Adam at the start; it falls to 0 by a cosine. 2e-3 by default. */
  readonly rate?: number | undefined;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Trains the discriminator of a term from its beginning, while encoder and decoder stand still: at the optimum its
 * divergence is exact. It sees these rows only, and each time with new noise, so that there is no noise to learn by heart.
 *
 * @returns Its parameters, the caller's.
 */
export function fitDiscriminator(
  model: Model,
  term: Term,
  primal: Primal,
  batch: Batch,
  { key, steps = 2000, batchSize = 256, rate = 2e-3, onProgress, signal }: FitOptions,
): Promise<Params> {
  const { x, condition } = batch;
  const rowsAt = evenly(x.shape[0], batchSize, fold(key, 'rows'));
  const begin = term.adversary!.init(
    fold(key, 'begin'),
    x.shape.slice(1),
    [model.prior.dim],
    model.prior,
    condition?.shape.slice(1),
  );
  const minibatchAt = (step: number): Minibatch => {
    const part = pick(batch, rowsAt(step));
    const forward = model.forward(primal, part, {
      step: 0,
      key: fold(fold(key, 'noise'), step),
      training: false,
    });
    // Drawn before the tape starts: the encoder stands still.
    scope(() => [forward.pass.z]);
    return {
      loss: (params) => term.evaluate(forward.pass, params).loss!(),
      dispose: () => {
        forward.dispose();
        dispose(Object.values(part) as Tensor[]);
      },
    };
  };
  const optimiser = adam(cosine({ from: rate, steps }));
  return descend(begin, optimiser, minibatchAt, { steps, onProgress, signal });
}

/** Rows of minibatches: every row as often as any other, to within one. */
function evenly(rows: number, batchSize: number, key: Key): (step: number) => Int32Array {
  const order = (epoch: number): Uint32Array => permutation(fold(key, epoch), rows);
  let epoch = 0;
  let current = order(0);
  return (step) =>
    Int32Array.from({ length: batchSize }, (_, i) => {
      const place = step * batchSize + i;
      const wanted = Math.floor(place / rows);
      if (wanted !== epoch) [epoch, current] = [wanted, order(wanted)];
      return current[place % rows]!;
    });
}

/** Some rows of a batch, in this order; the tensors are the caller's. */
function pick({ x, condition, label }: Batch, rows: Int32Array): Batch {
  return tidy(() => {
    const index = tensor1d(rows, 'int32');
    return {
      x: gather(x, index),
      ...(condition && { condition: gather(condition, index) }),
      ...(label && { label: gather(label, index) }),
    };
  });
}
