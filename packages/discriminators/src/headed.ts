import {
  expectGiven,
  ConfigError,
  defineKind,
  expectBatchOf,
  asVectors,
  couplingOf,
  initPart,
  nested,
  networkCategory,
  pairNetworkCategory,
  sizeOf,
  tensorAt,
  type Kind,
  type Mode,
  type Network,
  type Params,
} from '@elbo/core';
import { dense as denseLayer } from '@elbo/networks';
import { dense } from '@elbo/ops';
import { mul, sum, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { discriminatorEntries } from './options.js';
import {
  expectPair,
  pairSizes,
  withPrior,
  type DiscriminatorOptions,
  type PairNetwork,
} from './pair.js';

/** What a headed discriminator is made of. */
export interface HeadedDiscriminatorOptions extends DiscriminatorOptions {
  /** Makes of z what the heads see: a vector. */
  readonly network: Network;
  /** Factor on z before the network; 1 by default. A large one lets T resolve a narrow q. */
  readonly scale?: number;
}

/** A discriminator of codes, which can be asked about all of them. */
export interface HeadedDiscriminator extends PairNetwork {
  everyCode(params: Params, mode: Mode, z: Tensor2D): Tensor2D;
}

/**
 * T(x, z) = ⟨x, h(z)⟩, `[B, 1]`, for data that are one-hot codes: a network of z, and on it a linear head h_k for each
 * element of x, flattened, so that every code has a function of z of its own on shared features. `everyCode` is h
 * itself: with it, every sample of the prior trains all heads. A soft code, whose elements add up to 1, mixes them.
 *
 * @throws ConfigError unless `scale` is positive.
 */
export function headedDiscriminator(options: HeadedDiscriminatorOptions): HeadedDiscriminator {
  expectGiven('headedDiscriminator', options, 'network');
  const { network, scale = 1, priorQuadratic = false, zeroOutput = true } = options;
  const where = 'headedDiscriminator';
  if (!(scale > 0)) throw new ConfigError(`${where}: 'scale' must be positive, not ${scale}.`);

  const heads = (params: Params, mode: Mode, z: Tensor2D): Tensor2D => {
    const features = network.apply((params.body ?? {}) as Params, mode, mul(z, scale));
    const [kernel, bias] = [tensorAt(params, 'heads/kernel'), tensorAt(params, 'heads/bias')];
    return dense(asVectors(features), kernel as Tensor2D, bias as Tensor1D) as Tensor2D;
  };
  return {
    config: { kind: 'headed', network: network.config, scale, priorQuadratic, zeroOutput },
    init: (key, x, z) => {
      const [codes] = pairSizes(x, z, where);
      const body = initPart(network, 'body', key, z, where);
      const head = denseLayer({ units: codes, init: zeroOutput ? 'zeros' : 'glorot' });
      const made = initPart(head, 'heads', key, [sizeOf(body.output)], where);
      const below = Object.keys(body.params).length > 0 ? { body: body.params } : {};
      return { params: { ...below, heads: made.params }, output: [1] };
    },
    apply: (params, mode, x, z) => {
      const [code, latent] = expectPair(x, z, where);
      expectBatchOf(code, [tensorAt(params, 'heads/bias').size], `${where}: x, flattened,`);
      const t = sum(mul(code, heads(params, mode, latent)), 1, true);
      return withPrior(t, latent, priorQuadratic);
    },
    everyCode: (params, mode, z) => withPrior(heads(params, mode, z), z, priorQuadratic),
    ...couplingOf(network),
  };
}

/** Builds a headed discriminator from its config. */
export const headedKind: Kind<PairNetwork> = defineKind(
  'headed',
  pairNetworkCategory,
  { ...discriminatorEntries, network: nested, scale: v.exactOptional(v.number()) },
  ({ network, ...options }, registry) =>
    headedDiscriminator({ ...options, network: registry.build(networkCategory, network) }),
);
