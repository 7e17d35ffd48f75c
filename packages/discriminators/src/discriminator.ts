import {
  expectGiven,
  couplingOf,
  defineKind,
  nested,
  networkCategory,
  paramsAt,
  type Kind,
  type Network,
} from '@elbo/core';
import { convTrunk, dense, mlp, type ConvTrunkOptions, type MlpOptions } from '@elbo/networks';
import { fold } from '@elbo/random';
import * as v from 'valibot';
import { featuresOf, type Featured } from './features.js';

/** A discriminator of one input, D(x) or D(z): `[B, 1]`. */
export interface Discriminator extends Network, Featured {}

/** What a discriminator on features is made of. */
export interface FeatureDiscriminatorOptions {
  /** Makes the features, which are flattened. */
  readonly network: Network;
  /** Whether what is linear on them starts at zero, so that D does; false by default. */
  readonly zeroOutput?: boolean;
}

/** D(x) = w · φ(x) + b, `[B, 1]`, with features φ that a network makes: of data, or of codes. */
export function discriminator(options: FeatureDiscriminatorOptions): Discriminator {
  expectGiven('discriminator', options, 'network');
  const { network, zeroOutput = false } = options;
  const { init, features } = featuresOf(network, 'discriminator');
  const output = dense({ units: 1, init: zeroOutput ? 'zeros' : 'glorot' });
  return {
    config: { kind: 'discriminator', network: network.config, zeroOutput },
    init: (key, x) => ({
      params: init(key, x, (width) => ({
        output: output.init(fold(key, 'output'), [width]).params,
      })),
      output: [1],
    }),
    features,
    apply: (params, mode, x) =>
      output.apply(paramsAt(params, 'output'), mode, features(params, mode, x)),
    ...couplingOf(network),
  };
}

/** A fully connected discriminator. */
export interface DenseDiscriminatorOptions
  extends
    Pick<MlpOptions, 'hidden' | 'activation'>,
    Pick<FeatureDiscriminatorOptions, 'zeroOutput'> {}

/**
 * A `discriminator` of fully connected layers, for codes, points, or images as vectors; of leaky relu by default, which
 * passes a gradient on everywhere (Radford et al. 2016, §3).
 *
 * @throws ConfigError when a size is no whole number from 1.
 */
export function denseDiscriminator(options: DenseDiscriminatorOptions): Discriminator {
  expectGiven('denseDiscriminator', options, 'hidden');
  const { hidden, activation = 'leakyRelu', ...rest } = options;
  return discriminator({ network: mlp({ hidden, activation }), ...rest });
}

/** A convolutional discriminator. */
export interface ConvDiscriminatorOptions
  extends ConvTrunkOptions, Pick<FeatureDiscriminatorOptions, 'zeroOutput'> {}

/**
 * A `discriminator` of images: convolutions of stride 2, of leaky relu by default, without pooling (Radford et al. 2016,
 * §3). It has no normalisation over the batch, which a gradient penalty would not go with (Gulrajani et al. 2017, §4).
 *
 * @throws ConfigError when a number is no whole number from 1.
 */
export function convDiscriminator(options: ConvDiscriminatorOptions = {}): Discriminator {
  expectGiven('convDiscriminator', options);
  const { zeroOutput = false, activation = 'leakyRelu', ...trunk } = options;
  return discriminator({ network: convTrunk({ activation, ...trunk }), zeroOutput });
}

/** Builds a discriminator of one input from its config. */
export const discriminatorKind: Kind<Network> = defineKind(
  'discriminator',
  networkCategory,
  { network: nested, zeroOutput: v.exactOptional(v.boolean()) },
  ({ network, ...options }, registry) =>
    discriminator({ ...options, network: registry.build(networkCategory, network) }),
);
