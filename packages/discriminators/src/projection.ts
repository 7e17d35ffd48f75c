import {
  expectGiven,
  couplingOf,
  defineKind,
  nested,
  networkCategory,
  pairNetworkCategory,
  paramsAt,
  tensorAt,
  type Kind,
} from '@elbo/core';
import { dense as denseLayer } from '@elbo/networks';
import { dense } from '@elbo/ops';
import { fold } from '@elbo/random';
import { add, mul, sum, type Rank } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { FeatureDiscriminatorOptions } from './discriminator.js';
import { featuresOf, type Featured } from './features.js';
import { linearKernel } from './kernel.js';
import { expectPair, pairSizes, type PairNetwork } from './pair.js';

/** A conditional discriminator that can be asked for its features of x. */
export interface ProjectionDiscriminator extends PairNetwork, Featured {}

/**
 * D(x, c) = ⟨V c, φ(x)⟩ + w · φ(x) + b, `[B, 1]`, with features φ that a network makes of x: the form of the log-ratio
 * where each class is log-linear in them (Miyato & Koyama 2018, eq. 3). c is a one-hot class, or any vector. For a
 * network of both at its input, see `concatDiscriminator`.
 */
export function projectionDiscriminator(
  options: FeatureDiscriminatorOptions,
): ProjectionDiscriminator {
  expectGiven('projectionDiscriminator', options, 'network');
  const { network, zeroOutput = false } = options;
  const where = 'projectionDiscriminator';
  const body = featuresOf(network, where);
  const init = zeroOutput ? 'zeros' : 'glorot';
  const output = denseLayer({ units: 1, init });
  return {
    config: { kind: 'projection', network: network.config, zeroOutput },
    init: (key, x, c) => {
      const [, classes] = pairSizes(x, c, where);
      const heads = (features: number) => ({
        output: output.init(fold(key, 'output'), [features]).params,
        classes: linearKernel(fold(key, 'classes'), classes, features, init),
      });
      return { params: body.init(key, x, heads), output: [1] };
    },
    features: body.features,
    apply: (params, mode, x, c) => {
      const [, condition] = expectPair(x, c, where);
      const features = body.features(params, mode, x);
      const directions = dense(condition, tensorAt<Rank.R2>(params, 'classes/kernel'));
      return add(
        output.apply(paramsAt(params, 'output'), mode, features),
        sum(mul(directions, features), 1, true),
      );
    },
    ...couplingOf(network),
  };
}

/** Builds a projection discriminator from its config. */
export const projectionKind: Kind<PairNetwork> = defineKind(
  'projection',
  pairNetworkCategory,
  { network: nested, zeroOutput: v.exactOptional(v.boolean()) },
  ({ network, ...options }, registry) =>
    projectionDiscriminator({ ...options, network: registry.build(networkCategory, network) }),
);
