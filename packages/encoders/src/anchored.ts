import {
  expectGiven,
  couplingOf,
  ConfigError,
  defineKind,
  normal,
  paramsAt,
  repeatBatch,
  type Kind,
  type Normal,
} from '@elbo/core';
import { activationEntry, mlp } from '@elbo/networks';
import { encoderCategory, type AnyEncoder, type Encoder, type Transport } from '@elbo/objectives';
import { randomNormal, reparameterize, type Activation } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import {
  add,
  concat,
  div,
  exp,
  mul,
  sub,
  tanh,
  zeros,
  type Rank,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { contracted } from './contraction.js';
import { headOf, logScaleHeadOf } from './head.js';
import {
  buildOptions,
  encoderConfig,
  encoderEntries,
  expectCounts,
  type EncoderOptions,
} from './options.js';
import { trunkOf } from './trunk.js';

/** What an anchored encoder is made of. */
export interface AnchoredEncoderOptions extends EncoderOptions {
  /** Dimension of the noise ε₂, beside that of z itself. */
  readonly noise: number;
  /** Sizes of g's hidden layers. */
  readonly hidden: readonly number[];
  /** Of g's layers; 'elu' by default. */
  readonly activation?: Activation;
  /** c, the farthest that ẑ may leave ε₁ in a coordinate; 1 by default. */
  readonly bound?: number;
  /** The most that g stretches distances of ε₁ by; below 1 the map of ε₁ is one-to-one. Any by default. */
  readonly lipschitz?: number;
  /** Whether g sees (x, ε₂) only, and not ε₁; false by default. */
  readonly noiseOnly?: boolean;
}

/**
 * An implicit posterior around a Gaussian: z = m(x) + s(x) ⊙ ẑ, ẑ = ε₁ + c tanh(ĝ / c), ĝ = g(x, ε₁, ε₂) − g(x, 0, 0), with
 * ε₁ ~ N(0, I) of z's dimension. The last layer of g starts at zero, so training starts at the Gaussian N(m, s²) exactly.
 * The bound c keeps ẑ from running away where a discriminator of ẑ lags; as ĝ is 0 at no noise, g cannot do m's work.
 *
 * Its `mean` and `logVar` are the anchor (m, log s²), not q's own moments. Nothing is detached: at g = 0, m and s get
 * an unbiased one-sample estimate of the gradient of the Gaussian's KL divergence.
 *
 * Without a discriminator its ELBO can be bounded from below, as ε₁ is moved by a map whose Jacobian is known. With
 * `lipschitz` below 1 that map is one-to-one, as in an invertible residual network (Behrmann et al. 2019), and the bounds are
 * from both sides: where nothing keeps it from folding it does, as a discriminator sees folds late. With `noiseOnly`, q(z|x) = E N(z; m + c s ⊙
 * tanh(ĝ(x, ε₂) / c), s²) is a Gaussian mixture over ε₂, a semi-implicit posterior (Yin & Zhou 2018), and there are bounds
 * from both sides.
 *
 * @throws ConfigError for an option that does not fit.
 *
 * @example
 * ```ts
 * import { anchoredEncoder } from '@elbo/encoders';
 * import { mlp } from '@elbo/networks';
 *
 * const network = mlp({ hidden: [300] });
 * const encoder = anchoredEncoder({ network, latent: 32, noise: 32, hidden: [100] });
 * console.log(encoder.offers); // [ 'posterior', 'moments' ]
 * ```
 */
export function anchoredEncoder(options: AnchoredEncoderOptions): Encoder<'posterior' | 'moments'> {
  expectGiven('anchoredEncoder', options, 'latent', 'noise', 'hidden');
  const {
    network,
    latent,
    noise,
    hidden,
    activation = 'elu',
    bound = 1,
    lipschitz,
    noiseOnly = false,
  } = options;
  const where = 'anchoredEncoder';
  expectCounts(where, { latent, noise });
  if (!(bound > 0)) throw new ConfigError(`${where}: 'bound' must be positive, not ${bound}.`);
  if (lipschitz !== undefined) expectLimit(where, { lipschitz, activation, noiseOnly });
  const trunk = trunkOf(network, where);
  const anchor = {
    mean: headOf('mean', latent, where),
    logVar: logScaleHeadOf('logVar', latent, where),
  };
  const bend = mlp({ hidden, output: latent, activation, zeroOutput: true });

  return {
    config: {
      kind: 'anchored',
      ...encoderConfig(options),
      noise,
      hidden,
      activation,
      bound,
      ...(lipschitz !== undefined && { lipschitz }),
      noiseOnly,
    },
    offers: ['posterior', 'moments'],
    latent,
    ...couplingOf(network),
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      const seen = features + noise + (noiseOnly ? 0 : latent);
      return {
        ...params,
        ...anchor.mean.init(key, features),
        ...anchor.logVar.init(key, features),
        bend: bend.init(fold(key, 'bend'), [seen]).params,
      };
    },
    posterior: (params, mode, x, condition) => {
      const features = trunk.apply(params, mode, x, condition);
      const mean = anchor.mean.apply(params, mode, features);
      const logVar = anchor.logVar.apply(params, mode, features);
      const own = paramsAt(params, 'bend');
      const limited =
        lipschitz === undefined
          ? own
          : contracted(own, { constant: lipschitz, begin: features.shape[1], count: latent });
      const g = (of: Tensor2D, ...seen: readonly Tensor2D[]): Tensor2D =>
        bend.apply(limited, mode, concat([of, ...seen], 1)) as Tensor2D;
      const unmoved = zeros<Rank.R2>([mean.shape[0], noise + (noiseOnly ? 0 : latent)]);
      const still = g(features, unmoved);
      /** c tanh((g − g at 0) / c), at draws of ε₂ and what else g sees. */
      const bent = (key: Key, samples: number, ...seen: readonly Tensor2D[]): Tensor2D => {
        const extra = randomNormal<Rank.R2>(fold(key, 'extra'), [mean.shape[0] * samples, noise]);
        const moved = sub(
          g(repeatBatch(features, samples), ...seen, extra),
          repeatBatch(still, samples),
        );
        return mul(tanh(div(moved, bound)), bound);
      };
      const placed = (standard: Tensor2D, samples: number): Tensor2D =>
        reparameterize(repeatBatch(mean, samples), repeatBatch(logVar, samples), standard);

      const transport = (key: Key, samples = 1): Transport => {
        const shift = (base: Tensor2D): Tensor2D =>
          bent(key, samples, ...(noiseOnly ? [] : [base]));
        /** What ẑ = ε₁ + shift(ε₁) is solved by. */
        const towards = (z: Tensor2D, base: Tensor2D): Tensor2D => {
          const scale = exp(mul(-0.5, repeatBatch(logVar, samples)));
          const standard = mul(sub(z, repeatBatch(mean, samples)), scale);
          return sub(standard, shift(base));
        };
        return {
          base: randomNormal<Rank.R2>(fold(key, 'base'), [mean.shape[0] * samples, latent]),
          place: (base) => placed(add(base, shift(base)), samples),
          ...(lipschitz !== undefined && lipschitz < 1 && { towards }),
        };
      };
      const sample = (key: Key, samples = 1): Tensor2D => {
        const { base, place } = transport(key, samples);
        return place(base);
      };
      const components = (key: Key, samples = 1): Normal<Tensor2D> =>
        normal(placed(bent(key, samples), samples), repeatBatch(logVar, samples));
      return {
        features,
        still,
        mean,
        logVar,
        sample,
        transport,
        ...(limited !== own && { limited }),
        ...(noiseOnly && { components }),
      };
    },
  };
}

/** Of what is no steeper than 1 the stretch of layers is that of their kernels. */
const steep: readonly Activation[] = ['gelu', 'selu', 'silu'];

function expectLimit(
  where: string,
  {
    lipschitz,
    activation,
    noiseOnly,
  }: { lipschitz: number; activation: Activation; noiseOnly: boolean },
): void {
  if (!(lipschitz > 0))
    throw new ConfigError(`${where}: 'lipschitz' must be positive, not ${lipschitz}.`);
  if (noiseOnly)
    throw new ConfigError(
      `${where}: 'lipschitz' limits what g makes of ε₁, which it does not see with 'noiseOnly'; leave out one of them.`,
    );
  if (steep.includes(activation))
    throw new ConfigError(
      `${where}: 'lipschitz' needs an activation no steeper than 1, such as 'elu', not '${activation}'.`,
    );
}

/** Builds an anchored encoder from its config. */
export const anchoredKind: Kind<AnyEncoder> = defineKind(
  'anchored',
  encoderCategory,
  {
    ...encoderEntries,
    noise: v.number(),
    hidden: v.array(v.number()),
    activation: activationEntry,
    bound: v.exactOptional(v.number()),
    lipschitz: v.exactOptional(v.number()),
    noiseOnly: v.exactOptional(v.boolean()),
  },
  (options, registry) => anchoredEncoder(buildOptions(options, registry)),
);
