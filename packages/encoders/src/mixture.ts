import {
  expectGiven,
  couplingOf,
  categorical,
  defineKind,
  nested,
  normal,
  type Kind,
  type Normal,
} from '@elbo/core';
import { detach } from '@elbo/gradients';
import {
  encoderCategory,
  type AnyEncoder,
  type Encoder,
  type LogProb,
  type PosteriorOf,
} from '@elbo/objectives';
import { fold } from '@elbo/random';
import {
  add,
  concat,
  expandDims,
  eye,
  mul,
  reshape,
  softmax,
  split,
  sum,
  transpose,
  zeros,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { headOf, logScaleHeadOf } from './head.js';
import { buildOptions, expectCounts, type EncoderOptions } from './options.js';
import { trunkOf } from './trunk.js';

/** What a mixture encoder is made of. */
export interface MixtureEncoderOptions extends Pick<EncoderOptions, 'network'> {
  /** C, the classes of y. */
  readonly classes: number;
  /** The dimension of s. */
  readonly continuous: number;
}

type Structured = 'posterior' | 'logProb' | 'classes';

/**
 * q(z|x) of z = [y, s], `[B, C + S]`: a class y, one-hot, from a categorical q(y|x), and s from a normal
 * q(s|x, y) = N(μ_y(x), σ_y²(x)) of each class; linear layers `logits`, `mean` and `logVar` on the features. It goes with
 * `classPrior` and `marginalElbo` of `@elbo/objectives`, which sum over y. Draws carry no gradient to q(y|x).
 *
 * @throws ConfigError for an option that does not fit.
 */
export function mixtureEncoder(options: MixtureEncoderOptions): Encoder<Structured> {
  expectGiven('mixtureEncoder', options, 'classes', 'continuous');
  const { network, classes, continuous } = options;
  const where = 'mixtureEncoder';
  expectCounts(where, { classes, continuous });
  const trunk = trunkOf(network, where);
  const logits = headOf('logits', classes, where);
  const mean = headOf('mean', classes * continuous, where);
  const logVar = logScaleHeadOf('logVar', classes * continuous, where);
  return {
    config: { kind: 'mixture', ...(network && { network: network.config }), classes, continuous },
    offers: ['posterior', 'logProb', 'classes'],
    latent: classes + continuous,
    ...couplingOf(network),
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      return {
        ...params,
        ...logits.init(key, features),
        ...mean.init(key, features),
        ...logVar.init(key, features),
      };
    },
    posterior: (params, mode, x, condition) => {
      const features = trunk.apply(params, mode, x, condition);
      return mixturePosterior(
        logits.apply(params, mode, features),
        mean.apply(params, mode, features),
        logVar.apply(params, mode, features),
      );
    },
  };
}

/** Of log odds `[B, C]`, and each class's means and log variances `[B, C · S]`. */
function mixturePosterior(
  logits: Tensor2D,
  means: Tensor2D,
  logVars: Tensor2D,
): PosteriorOf<Structured> {
  const [rows, classes] = logits.shape;
  const continuous = means.shape[1] / classes;
  /** What a class has of a table `[B, C · S]`, for y `[K · B, C]`: `[K · B, S]`. */
  const chosen = (y: Tensor2D, table: Tensor2D): Tensor2D => {
    const ofClass = reshape(table, [rows, classes, continuous]);
    return reshape(sum(mul(reshape(y, [-1, rows, classes, 1]), ofClass), 2), [-1, continuous]);
  };
  const given = (y: Tensor2D): Normal<Tensor2D> => normal(chosen(y, means), chosen(y, logVars));
  const posterior: PosteriorOf<Structured> = {
    probabilities: transpose(softmax(logits)),
    sample: (key, samples) => {
      const y = categorical(logits).sample(fold(key, 'class'), samples) as Tensor2D;
      return concat([y, given(y).sample(fold(key, 'continuous'))], 1);
    },
    ofEveryClass: (key) => {
      const every = add(expandDims(eye(classes), 1), zeros([1, rows, 1]));
      const y: Tensor2D = reshape(every, [-1, classes]);
      return concat([y, given(y).sample(key)], 1);
    },
    logProb: (z) => {
      const [y, s] = split(z, [classes, continuous], 1) as [Tensor2D, Tensor2D];
      return add<Tensor1D>(categorical(logits).logProb(y), given(y).logProb(s));
    },
    detach: (): LogProb => mixturePosterior(detach(logits), detach(means), detach(logVars)),
  };
  return Object.assign(posterior, { logits, means, logVars });
}

/** Builds a mixture encoder from its config. */
export const mixtureKind: Kind<AnyEncoder> = defineKind(
  'mixture',
  encoderCategory,
  { network: v.exactOptional(nested), classes: v.number(), continuous: v.number() },
  (options, registry) => mixtureEncoder(buildOptions(options, registry)),
);
