import {
  expectGiven,
  ConfigError,
  defineKind,
  mapTree,
  nested,
  networkCategory,
  pairNetworkCategory,
  type Kind,
  type Network,
  type Params,
} from '@elbo/core';
import { detach } from '@elbo/gradients';
import { randomNormal } from '@elbo/ops';
import { key } from '@elbo/random';
import {
  add,
  div,
  matMul,
  maximum,
  mul,
  reshape,
  sqrt,
  square,
  sum,
  type Rank,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { PairNetwork } from './pair.js';

/** How kernels are normalised. */
export interface SpectralNormOptions {
  /** Power iterations at each application; 20 by default. */
  readonly iterations?: number;
}

/** A kernel whose norm is smaller than this is divided by this, so that one that begins at zero has a gradient. */
const least = 1e-3;

/** Where every power iteration begins; nothing is special about it, so that no kernel's own vector is at right angles. */
const start = key(2018);

/**
 * A network with each of its kernels divided by its largest singular value (Miyato et al. 2018, eq. 8), that of the
 * matrix of all axes but the last by the last.
 *
 * Fully connected layers then stretch no distance, and with activations no steeper than 1 (all but gelu, selu and silu)
 * nor does the network: it is a 1-Lipschitz critic. A convolution whose kernel's matrix [k² C, filters] has norm 1 has
 * one of up to ⌈k / stride⌉ itself, as the windows that share a pixel are ⌈k / stride⌉² at most: 1 where stride is k.
 *
 * A network has no state, so each application begins the power iteration at the same vector, and takes no gradient
 * through it: that of σ = uᵀWv with u and v constant is right. σ is found from below; after 20 iterations it is short
 * of itself by 5 % at most (kernels as they begin, up to 784 × 512), so that norms are 1.05 at most. Training can grow what
 * the iteration does not see: a kernel of 200 × 8, after 20,000 steps under such a limit, had a norm a quarter above it.
 *
 * @throws ConfigError when `iterations` is no whole number from 1.
 */
export function spectralNorm<N extends Network | PairNetwork>(
  network: N,
  options: SpectralNormOptions = {},
): N {
  expectGiven('spectralNorm', { network }, 'network');
  expectGiven('spectralNorm', options);
  const { iterations = 20 } = options;
  if (!(Number.isInteger(iterations) && iterations > 0))
    throw new ConfigError(
      `spectralNorm: 'iterations' must be a whole number of at least 1, not ${iterations}.`,
    );
  const normalised = (params: Params): Params =>
    mapTree(params, (leaf, path) =>
      path.split('/').at(-1) === 'kernel' ? div(leaf, spectrumEnd(leaf, iterations)) : leaf,
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

/** The largest singular value of a kernel, differentiable in it. */
function spectrumEnd(kernel: Tensor, iterations: number): Scalar {
  const matrix: Tensor2D = reshape(kernel, [-1, kernel.shape.at(-1)!]);
  const fixed = detach(matrix);
  let right = unit(randomNormal<Rank.R2>(start, [matrix.shape[1], 1]));
  let left = unit(matMul(fixed, right));
  for (let i = 0; i < iterations; i++) {
    right = unit(matMul(fixed, left, true));
    left = unit(matMul(fixed, right));
  }
  return maximum(sum<Scalar>(mul(left, matMul(matrix, right))), least);
}

function unit(vector: Tensor2D): Tensor2D {
  return div(vector, sqrt(add(sum(square(vector)), 1e-24)));
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
