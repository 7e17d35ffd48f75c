import {
  expectGiven,
  couplingOf,
  defineKind,
  disposeTree,
  asVectors,
  initPart,
  nested,
  networkCategory,
  pairNetworkCategory,
  paramsAt,
  sizeOf,
  type Kind,
  type Mode,
  type Network,
  type Params,
  type Shape,
} from '@elbo/core';
import { dense } from '@elbo/networks';
import { fold, type Key } from '@elbo/random';
import { add, mul, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { discriminatorEntries } from './options.js';
import {
  expectPair,
  pairSizes,
  withPrior,
  type DiscriminatorOptions,
  type PairNetwork,
} from './pair.js';

/** What an inner-product discriminator is made of. */
export interface InnerProductDiscriminatorOptions extends DiscriminatorOptions {
  /** Makes what θ and T_x see of x; it may be convolutional. */
  readonly x: Network;
  /** Makes what s and T_z see of z. */
  readonly z: Network;
  /** How many coordinates the inner product has. */
  readonly features: number;
}

/** What is made of one input alone: factors of the inner product `[B, features]`, and a summand `[B, 1]`. */
interface Side {
  init(key: Key, input: Shape): Params;
  apply(
    params: Params,
    mode: Mode,
    input: Tensor,
  ): { readonly factors: Tensor; readonly summand: Tensor };
}

/** Linear layers `factors` and `summand` on a network's output. */
function sideOf(trunk: Network, factors: Network, summand: Network, where: string): Side {
  return {
    init: (key, input) => {
      const made = initPart(trunk, 'trunk', key, input, where);
      const width = [sizeOf(made.output)];
      return {
        ...(Object.keys(made.params).length > 0 && { trunk: made.params }),
        factors: initPart(factors, 'factors', key, width, where).params,
        summand: initPart(summand, 'summand', key, width, where).params,
      };
    },
    apply: (params, mode, input) => {
      const seen = asVectors(trunk.apply((params.trunk ?? {}) as Params, mode, input));
      return {
        factors: factors.apply(paramsAt(params, 'factors'), mode, seen),
        summand: summand.apply(paramsAt(params, 'summand'), mode, seen),
      };
    },
  };
}

/**
 * T(x, z) = ⟨θ(x), s(z)⟩ + T_x(x) + T_z(z), `[B, 1]`, with a network for each of x and z, so that an image can be
 * convolved (Mescheder, Nowozin & Geiger 2017, supplement). With `zeroOutput`, s, T_x and T_z start at zero and θ does
 * not: a product of two zeros would stay one.
 *
 * @throws ConfigError when `features` is no whole number from 1.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { innerProductDiscriminator } from '@elbo/discriminators';
 * import { convTrunk, mlp } from '@elbo/networks';
 * import { key } from '@elbo/random';
 *
 * await selectBackend({ backend: 'cpu' });
 * const z = mlp({ hidden: [256] });
 * const discriminator = innerProductDiscriminator({ x: convTrunk(), z, features: 64 });
 * console.log(discriminator.init(key(7), [28, 28, 1], [32]).output); // [ 1 ]
 * ```
 */
export function innerProductDiscriminator(options: InnerProductDiscriminatorOptions): PairNetwork {
  expectGiven('innerProductDiscriminator', options, 'x', 'z', 'features');
  const { x: xNetwork, z: zNetwork, features, priorQuadratic = false, zeroOutput = true } = options;
  const where = 'innerProductDiscriminator';
  const init = zeroOutput ? 'zeros' : 'glorot';
  const summand = dense({ units: 1, init });
  const theta = dense({ units: features });
  const ofX = sideOf(xNetwork, theta, summand, `${where} › x`);
  const ofZ = sideOf(zNetwork, dense({ units: features, init }), summand, `${where} › z`);
  const given = (params: Params, mode: Mode, x: Tensor) => {
    const left = ofX.apply(paramsAt(params, 'x'), { ...mode, key: fold(mode.key, 'x') }, x);
    return (z: Tensor2D): Tensor => {
      const [, latent] = expectPair(x, z, where);
      const right = ofZ.apply(paramsAt(params, 'z'), { ...mode, key: fold(mode.key, 'z') }, latent);
      const product = sum(mul(left.factors, right.factors), 1, true);
      const t = add(product, add(left.summand, right.summand));
      return withPrior(t, latent, priorQuadratic);
    };
  };
  return {
    config: {
      kind: 'inner-product',
      x: xNetwork.config,
      z: zNetwork.config,
      features,
      priorQuadratic,
      zeroOutput,
    },
    init: (key, x, z) => {
      pairSizes(x, z, where);
      const xParams = ofX.init(fold(key, 'x'), x);
      try {
        return { params: { x: xParams, z: ofZ.init(fold(key, 'z'), z) }, output: [1] };
      } catch (error) {
        disposeTree(xParams);
        throw error;
      }
    },
    given,
    apply: (params, mode, x, z) => {
      // Before x's network, which would say less of a pair that is none.
      const [, latent] = expectPair(x, z, where);
      return given(params, mode, x)(latent);
    },
    ...couplingOf(xNetwork, zNetwork),
  };
}

/** Builds an inner-product discriminator from its config. */
export const innerProductKind: Kind<PairNetwork> = defineKind(
  'inner-product',
  pairNetworkCategory,
  { ...discriminatorEntries, x: nested, z: nested, features: v.number() },
  ({ x, z, ...options }, registry) =>
    innerProductDiscriminator({
      ...options,
      x: registry.build(networkCategory, x),
      z: registry.build(networkCategory, z),
    }),
);
