import { ConfigError, defineKind, expectGiven, type Kind } from '@elbo/core';
import { detach, scope, sumInParts, untaped } from '@elbo/gradients';
import { term, termCategory, type LogProb, type Pass, type Term } from '@elbo/objectives';
import { logSumExp } from '@elbo/ops';
import { fold } from '@elbo/random';
import {
  add,
  concat,
  exp,
  mean,
  mul,
  neg,
  reshape,
  split,
  sub,
  sum,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { logMean, logWeights, type Draws } from './importance_weights.js';

/**
 * The estimator of the bound's gradient. The decoder's and the prior's is the same in all:
 * `standard`: that of the bound itself (Burda et al. 2015, eq. 14);
 * `dreg`: doubly reparameterised for the encoder, without bias, with less variance the larger K (Tucker et al. 2018);
 * `stl`: sticking the landing (Roeder et al. 2017): without bias for one sample only.
 */
export type IwaeGradient = 'standard' | 'dreg' | 'stl';

/** How the K-sample bound is estimated. */
export interface IwaeBoundOptions {
  /** K, the importance samples for each row. */
  readonly samples: number;
  /** `standard` by default. */
  readonly gradient?: IwaeGradient;
  /** How many of them are decoded at once: bounds the memory, and takes one more forward pass. All by default. */
  readonly chunk?: number;
}

type WeightedPass = Pass<'posterior' | 'logProb'>;

/**
 * −L_K in nats, `[B]`, with L_K = E [log 1/K Σ_k p(x, z_k)/q(z_k|x)] over K draws from q(z|x) (Burda et al. 2015, eq. 8):
 * a lower bound on log p(x) that rises with K, from the ELBO at K = 1. It holds its own divergence.
 *
 * With `dreg` or in chunks, the weights are computed first without a tape, then the gradient of what has the same one,
 * chunk by chunk; the cost is then the minibatch's mean.
 *
 * @throws ConfigError unless `samples` and `chunk` are whole numbers from 1.
 */
export function iwaeBound(options: IwaeBoundOptions): Term<'posterior' | 'logProb'> {
  expectGiven('iwaeBound', options, 'samples');
  const { samples, gradient = 'standard', chunk = samples } = options;
  for (const [name, value] of Object.entries({ samples, chunk }))
    if (!Number.isInteger(value) || value < 1)
      throw new ConfigError(
        `iwaeBound: '${name}' must be a whole number of at least 1, not ${value}.`,
      );
  const atOnce = Math.min(chunk, samples);
  return term({
    config: { kind: 'iwae-bound', samples, gradient, ...(atOnce < samples && { chunk }) },
    name: 'bound',
    role: 'bound',
    needs: ['posterior', 'logProb'],
    evaluate: (pass) => ({
      cost: () => {
        const chunks = chunksOf(pass, samples, atOnce);
        const twice = pass.training && (gradient === 'dreg' || chunks.length > 1);
        return neg(
          twice
            ? inTwoPasses(pass, chunks, gradient)
            : logMean(everyWeight(pass, chunks, densityFor(pass, gradient))),
        );
      },
    }),
  });
}

/** K draws in chunks, each with a key of its own. */
function chunksOf({ key }: WeightedPass, samples: number, atOnce: number): readonly Draws[] {
  return Array.from({ length: Math.ceil(samples / atOnce) }, (_, i) => ({
    key: fold(fold(key, 'bound'), i),
    count: Math.min(atOnce, samples - i * atOnce),
  }));
}

/** log q, with a gradient to q's parameters or without; the value is the same. */
function densityFor({ posterior, training }: WeightedPass, gradient: IwaeGradient): LogProb {
  return gradient === 'standard' || !training ? posterior : posterior.detach();
}

/** The log weights of every draw, `[K, B]`. */
function everyWeight(pass: WeightedPass, chunks: readonly Draws[], density: LogProb): Tensor2D {
  return concat(
    chunks.map((draws) => scope(() => logWeights(pass, draws, { density }))),
    0,
  );
}

/**
 * The mean of L_K. Its gradient is that of the mean of Σ_k ŵ_k log w_k with ŵ_k = w_k/Σ w held constant, to which a chunk
 * of draws can add without the others; with `dreg` what comes to the encoder through z_k is multiplied by ŵ_k again
 * (Tucker et al. 2018, eq. 6).
 */
function inTwoPasses(pass: WeightedPass, chunks: readonly Draws[], gradient: IwaeGradient): Scalar {
  const inputs = pass.variables();
  const density = densityFor(pass, gradient);
  const values = untaped(() => everyWeight(pass, chunks, pass.posterior));
  const shares = exp(sub(values, logSumExp(values, 0)));
  const ofChunks = split(
    shares,
    chunks.map(({ count }) => count),
    0,
  );
  const parts = chunks.map((draws, i) => {
    const share = ofChunks[i]!;
    const through = (z: Tensor2D): Tensor2D => scaledGradient(z, reshape(share, [-1, 1]));
    const flow = { density, ...(gradient === 'dreg' && { through }) };
    return () => mean<Scalar>(sum(mul(share, logWeights(pass, draws, flow)), 0));
  });
  const surrogate = sumInParts(parts, inputs);
  return add(mean<Scalar>(logMean(values)), sub(surrogate, detach(surrogate)));
}

/** z itself, whose gradient is multiplied by a constant. */
function scaledGradient(z: Tensor2D, by: Tensor): Tensor2D {
  const fixed = detach(z);
  return add(fixed, mul(by, sub(z, fixed)));
}

/** The schemas of the bound's options. */
export const iwaeBoundEntries: {
  readonly samples: v.NumberSchema<undefined>;
  readonly gradient: v.OptionalSchema<v.PicklistSchema<IwaeGradient[], undefined>, 'standard'>;
  readonly chunk: v.ExactOptionalSchema<v.NumberSchema<undefined>, undefined>;
} = {
  samples: v.number(),
  gradient: v.optional(v.picklist<IwaeGradient[]>(['standard', 'dreg', 'stl']), 'standard'),
  chunk: v.exactOptional(v.number()),
};

/** The kind of `iwaeBound`. */
export const iwaeBoundKind: Kind<Term> = defineKind(
  'iwae-bound',
  termCategory,
  iwaeBoundEntries,
  iwaeBound,
);
