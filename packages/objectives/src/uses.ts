import { CompositionError, expectBatchOf } from '@elbo/core';
import { fold, key as keyOf } from '@elbo/random';
import {
  add,
  concat,
  mul,
  neg,
  slice,
  stack,
  tidy,
  reshape,
  oneHot,
  scalar,
  sub,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import type { Model } from './model.js';
import { elboOf, hasElbo } from './play.js';
import type { Batch, Primal } from './open_pass.js';

/** What one does with a trained model, as functions of its parameters. */
type Uses = Pick<
  Model,
  'elbo' | 'encode' | 'decode' | 'sample' | 'reconstruct' | 'interpolate' | 'traverse' | 'score'
>;

/** Decoding uses no noise of its own outside training. */
const quiet = { training: false, key: keyOf(0) };

/** The functions of a model that follow from its parts. */
export function uses(self: () => Model): Uses {
  const decode = (params: Primal, z: Tensor2D, condition?: Tensor2D): Tensor =>
    tidy(() => self().decoder.likelihood(params.decoder, quiet, z, condition).mean());

  /** Runs `f` in a pass that is closed again, whatever happens. */
  const inPass = <T extends Tensor>(
    params: Primal,
    batch: Batch,
    key: Parameters<Model['encode']>[2],
    f: (open: ReturnType<Model['open']>) => T,
  ): T => {
    const open = self().open(params, batch, { step: 0, key, training: false });
    try {
      return tidy(() => f(open).clone());
    } finally {
      open.dispose();
    }
  };
  const encode: Model['encode'] = (params, batch, key) =>
    inPass(params, batch, key, ({ pass }) => pass.z);

  const elbo: Model['elbo'] = (params, batch, key) => {
    if (!hasElbo(self()))
      throw new CompositionError('The terms of this model make no bound, so it has no ELBO.');
    return inPass(params.primal, batch, key, (open) =>
      elboOf(self(), open, params.dual),
    ) as Tensor1D;
  };

  return {
    elbo,
    encode,
    decode,
    sample: (params, key, n, condition) =>
      tidy(() => decode(params, self().prior.sample(fold(key, 'sample'), n), condition)),
    reconstruct: (params, batch, key) =>
      inPass(params, batch, key, ({ pass }) => pass.likelihood.mean()),
    interpolate: (params, from, to, key, steps) =>
      tidy(() => {
        const a = encode(params, from, fold(key, 'from'));
        const b = encode(params, to, fold(key, 'to'));
        const along = Array.from({ length: steps }, (_, i) =>
          add(a, mul(sub(b, a), steps === 1 ? 0 : i / (steps - 1))),
        );
        const z: Tensor2D = reshape(stack(along, 1), [-1, self().prior.dim]);
        return decode(params, z);
      }),
    traverse: (params, z, dim, values) =>
      tidy(() => {
        expectBatchOf(z, [self().prior.dim], 'traverse: z');
        const at = reshape(oneHot([dim], self().prior.dim), [1, -1]);
        const rows = values.map((value) =>
          add(mul(slice(z, [0, 0], [1, -1]), sub(1, at)), mul(at, scalar(value))),
        );
        return decode(params, concat(rows as Tensor2D[], 0));
      }),
    score: (params, batch, key) => tidy(() => neg(elbo(params, batch, key))),
  };
}
