import {
  ConfigError,
  defineKind,
  nested,
  networkCategory,
  pairNetworkCategory,
  type Kind,
  type Network,
  type Params,
} from '@elbo/core';
import { largestSingularValue, mapKernels } from '@elbo/networks';
import { div, maximum } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { PairNetwork } from './pair.js';

/** How kernels are normalised. */
export interface SpectralNormOptions {
  /** Power iterations at each application; 20 by default. */
  readonly iterations?: number;
}

/** A kernel whose norm is smaller than this is divided by this, so that one that begins at zero has a gradient. */
const least = 1e-3;

/**
 * A network with each of its kernels divided by its largest singular value (Miyato et al. 2018, eq. 8), that of the
 * matrix of all axes but the last by the last.
 *
 * Fully connected layers then stretch no distance, and with activations no steeper than 1 (all but gelu, selu and silu)
 * nor does the network: it is a 1-Lipschitz critic. A convolution whose kernel's matrix [k² C, filters] has norm 1 has
 * one of up to ⌈k / stride⌉ itself, as the windows that share a pixel are ⌈k / stride⌉² at most: 1 where stride is k.
 *
 * Norms are 1.05 at most after 20 iterations: see `largestSingularValue` of `@elbo/networks`.
 *
 * @throws ConfigError when `iterations` is no whole number from 1.
 */
export function spectralNorm<N extends Network | PairNetwork>(
  network: N,
  { iterations = 20 }: SpectralNormOptions = {},
): N {
  if (!(Number.isInteger(iterations) && iterations > 0))
    throw new ConfigError(
      `spectralNorm: 'iterations' must be a whole number from 1, not ${iterations}.`,
    );
  const normalised = (params: Params): Params =>
    mapKernels(params, (kernel) =>
      div(kernel, maximum(largestSingularValue(kernel, iterations), least)),
    );
  // All that a network does but `init` takes its parameters first: `apply`, `features`, `given`.
  const members = Object.entries(network as object).map(([name, member]: [string, unknown]) => {
    if (typeof member !== 'function' || name === 'init') return [name, member];
    const of = member as (params: Params, ...rest: readonly unknown[]) => unknown;
    return [name, (params: Params, ...rest: readonly unknown[]) => of(normalised(params), ...rest)];
  });
  return {
    ...(Object.fromEntries(members) as N),
    config: { kind: 'spectral-norm', network: network.config, iterations },
  };
}

const entries = { network: nested, iterations: v.exactOptional(v.number()) };

/** The kind of `spectralNorm` of a network of one input. */
export const spectralNormKind: Kind<Network> = defineKind(
  'spectral-norm',
  networkCategory,
  entries,
  ({ network, ...options }, registry) =>
    spectralNorm(registry.build(networkCategory, network), options),
);

/** The kind of `spectralNorm` of a network of a pair. */
export const pairSpectralNormKind: Kind<PairNetwork> = defineKind(
  'spectral-norm',
  pairNetworkCategory,
  entries,
  ({ network, ...options }, registry) =>
    spectralNorm(registry.build(pairNetworkCategory, network), options),
);
