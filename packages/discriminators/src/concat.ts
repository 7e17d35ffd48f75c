import { expectGiven, ConfigError, defineKind, pairNetworkCategory, type Kind } from '@elbo/core';
import { activationEntry, mlp } from '@elbo/networks';
import type { Activation } from '@elbo/ops';
import * as v from 'valibot';
import { joinedDiscriminator } from './joined.js';
import { discriminatorEntries } from './options.js';
import type { DiscriminatorOptions, PairNetwork } from './pair.js';

/** What a concatenating discriminator is made of. */
export interface ConcatDiscriminatorOptions extends DiscriminatorOptions {
  /** Sizes of the hidden layers; at least one. */
  readonly hidden: readonly number[];
  /** Of those layers; 'elu' by default. */
  readonly activation?: Activation;
}

/**
 * T(x, z) of fully connected layers that see x, flattened, and z side by side: `[B, 1]`.
 *
 * @throws ConfigError for sizes that are no whole numbers from 1, or none: T would be linear, so no interaction of x and z.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { concatDiscriminator } from '@elbo/discriminators';
 * import { key } from '@elbo/random';
 *
 * await selectBackend({ backend: 'cpu' });
 * const discriminator = concatDiscriminator({ hidden: [256, 256] });
 * console.log(discriminator.init(key(7), [28, 28, 1], [32]).output); // [ 1 ]
 * ```
 */
export function concatDiscriminator(options: ConcatDiscriminatorOptions): PairNetwork {
  expectGiven('concatDiscriminator', options, 'hidden');
  const { hidden, activation = 'elu' } = options;
  const where = 'concatDiscriminator';
  if (hidden.length === 0)
    throw new ConfigError(
      `${where}: without a hidden layer T(x, z) would be a function of x plus one of z; give 'hidden' at least one.`,
    );
  return joinedDiscriminator(
    { kind: 'concat', hidden, activation },
    mlp({ hidden, activation }),
    options,
    where,
  );
}

/** Builds a concatenating discriminator from its config. */
export const concatKind: Kind<PairNetwork> = defineKind(
  'concat',
  pairNetworkCategory,
  { ...discriminatorEntries, hidden: v.array(v.number()), activation: activationEntry },
  concatDiscriminator,
);
