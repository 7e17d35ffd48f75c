import { expectGiven, defineKind, pairNetworkCategory, type Kind } from '@elbo/core';
import { activationEntry, residual } from '@elbo/networks';
import type { Activation } from '@elbo/ops';
import * as v from 'valibot';
import { joinedDiscriminator } from './joined.js';
import { discriminatorEntries } from './options.js';
import type { DiscriminatorOptions, PairNetwork } from './pair.js';

/** What a residual discriminator is made of. */
export interface ResidualDiscriminatorOptions extends DiscriminatorOptions {
  /** Size of every layer. */
  readonly width: number;
  /** Number of residual blocks. */
  readonly blocks: number;
  /** Layers in a block: 2 by default, the second of which starts at zero; or 1. */
  readonly layers?: 1 | 2;
  /** Of the blocks; 'elu' by default. */
  readonly activation?: Activation;
}

/**
 * T(x, z) of residual blocks that see x, flattened, and z side by side: `[B, 1]`. Blocks of two layers start as the
 * identity, as in the code of Mescheder, Nowozin & Geiger 2017 for the four-pixel set: 5 blocks of 256.
 *
 * @throws ConfigError for sizes that are no whole numbers from 1.
 */
export function residualDiscriminator(options: ResidualDiscriminatorOptions): PairNetwork {
  expectGiven('residualDiscriminator', options, 'width', 'blocks');
  const { width, blocks, layers = 2, activation = 'elu' } = options;
  return joinedDiscriminator(
    { kind: 'residual', width, blocks, layers, activation },
    residual({ width, blocks, layers, activation }),
    options,
    'residualDiscriminator',
  );
}

/** Builds a residual discriminator from its config. */
export const residualKind: Kind<PairNetwork> = defineKind(
  'residual',
  pairNetworkCategory,
  {
    ...discriminatorEntries,
    width: v.number(),
    blocks: v.number(),
    layers: v.exactOptional(v.picklist([1, 2])),
    activation: activationEntry,
  },
  residualDiscriminator,
);
