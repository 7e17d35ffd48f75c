import {
  CompositionError,
  ConfigError,
  expectBackend,
  expectBatchOf,
  repeatBatch,
  ShapeError,
} from '@elbo/core';
import { fold, key as keyOf } from '@elbo/random';
import {
  add,
  concat,
  mul,
  neg,
  oneHot,
  reshape,
  scalar,
  slice,
  stack,
  sub,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { checked, described, isTensor } from '../checks/checked.js';
import type { Batch } from '../pass/batch.js';
import { priorOf } from '../priors/prior_of.js';
import { hasElbo } from '../terms/bound.js';
import { elboOf } from '../terms/evaluate_terms.js';
import type { Model } from './model.js';
import type { Primal } from './params.js';

/** What one does with a trained model, as functions of its parameters. */
type ModelFunctions = Pick<
  Model,
  | 'priorOf'
  | 'elbo'
  | 'encode'
  | 'decode'
  | 'sample'
  | 'reconstruct'
  | 'interpolate'
  | 'traverse'
  | 'score'
>;

/** @throws ShapeError that names the use, unless what it is given is a batch of vectors of this size. */
function expectVectors(use: string, given: Readonly<Record<string, Tensor>>, size: number): void {
  for (const [name, tensor] of Object.entries(given)) {
    if (!isTensor(tensor))
      throw new ShapeError(
        `model.${use}: ${name} should be a tensor [B, ${size}], and is ${described(tensor)}.`,
      );
    expectBatchOf(tensor, [size], `model.${use}: ${name}`);
  }
}

/** Decoding uses no noise of its own outside training. */
const quiet = { training: false, key: keyOf(0) };

/** The functions of a model that follow from its parts. */
export function modelFunctions(self: () => Model): ModelFunctions {
  const decode = (params: Primal, z: Tensor2D, condition?: Tensor2D): Tensor => {
    expectBackend('model.decode');
    expectVectors('decode', { z }, self().prior.dim);
    return tidy(() => self().decoder.likelihood(params.decoder, quiet, z, condition).mean());
  };

  /** Runs `f` in a pass that is closed again, whatever happens. */
  const inPass = <T extends Tensor>(
    params: Primal,
    batch: Batch,
    key: Parameters<Model['encode']>[2],
    f: (forward: ReturnType<Model['forward']>) => T,
  ): T => {
    const forward = self().forward(params, batch, { step: 0, key, training: false });
    try {
      return tidy(() => f(forward).clone());
    } finally {
      forward.dispose();
    }
  };
  const encode: Model['encode'] = (params, batch, key) =>
    inPass(params, batch, key, ({ pass }) => pass.z);

  const elbo: Model['elbo'] = (params, batch, key) => {
    if (!hasElbo(self()))
      throw new CompositionError('The terms of this model make no bound, so it has no ELBO.');
    return inPass(params.primal, batch, key, (forward) =>
      elboOf(self(), forward, params.dual),
    ) as Tensor1D;
  };

  return {
    priorOf: (params) => priorOf(self(), params, quiet),
    elbo,
    encode,
    decode,
    sample: (params, key, n, condition) => {
      if (!(Number.isSafeInteger(n) && n > 0))
        throw new ConfigError(
          `model.sample: how many should be a whole number of at least 1, not ${n}.`,
        );
      expectBackend('model.sample');
      return tidy(() =>
        decode(params, self().priorOf(params).sample(fold(key, 'sample'), n), condition),
      );
    },
    reconstruct: (params, batch, key) =>
      tidy(() =>
        checked(
          decode(params, encode(params, batch, key), batch.condition),
          batch.x.shape,
          `The decoder '${self().decoder.config.kind}': the mean of p(x|z)`,
        ),
      ),
    interpolate: (params, from, to, key, steps) =>
      tidy(() => {
        const line = (a: Tensor2D, b: Tensor2D): Tensor2D => {
          const along = Array.from({ length: steps }, (_, i) =>
            add(a, mul(sub(b, a), steps === 1 ? 0 : i / (steps - 1))),
          );
          return reshape(stack(along, 1), [-1, a.shape[1]]);
        };
        const ends = [encode(params, from, fold(key, 'from')), encode(params, to, fold(key, 'to'))];
        const condition = from.condition && to.condition && line(from.condition, to.condition);
        return decode(params, line(ends[0]!, ends[1]!), condition);
      }),
    traverse: (params, z, dim, values, condition) =>
      tidy(() => {
        expectVectors('traverse', { z }, self().prior.dim);
        const at = reshape(oneHot([dim], self().prior.dim), [1, -1]);
        const rows = values.map((value) =>
          add(mul(slice(z, [0, 0], [1, -1]), sub(1, at)), mul(at, scalar(value))),
        );
        const given = condition && repeatBatch(condition, values.length);
        return decode(params, concat(rows as Tensor2D[], 0), given);
      }),
    score: (params, batch, key) => tidy(() => neg(elbo(params, batch, key))),
  };
}
