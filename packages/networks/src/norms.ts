import {
  expectGiven,
  formatShape,
  ShapeError,
  tensorAt,
  type Network,
  type Params,
  type Shape,
} from '@elbo/core';
import { layerNorm as layerNormOp } from '@elbo/ops';
import {
  add,
  mean,
  mul,
  ones,
  reshape,
  rsqrt,
  square,
  sub,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { imageShape } from './images.js';
import { expectCounts } from './options.js';

/** A normalisation. */
export interface NormOptions {
  /** What is added to the variance. */
  readonly epsilon?: number;
}

/** A normalisation of groups of channels. */
export interface GroupNormOptions extends NormOptions {
  /** It divides the number of channels. */
  readonly groups: number;
}

function affine(input: Shape, layer: string): ReturnType<Network['init']> {
  const channels = input.at(-1);
  if (channels === undefined)
    throw new ShapeError(`${layer}: takes vectors or images, not scalars.`);
  return { params: { gain: ones([channels]), bias: zeros([channels]) }, output: input };
}

/**
 * Layer normalisation over the last axis, with a gain and a bias for each of its elements (Ba et al. 2016, eq. 4): of
 * an image, each pixel's channels. [B, …, C] to the same, with parameters `gain` [C] and `bias` [C].
 */
export function layerNorm(options: NormOptions = {}): Network {
  expectGiven('layerNorm', options);
  const { epsilon = 1e-5 } = options;
  return {
    config: { kind: 'layer-norm', epsilon },
    init: (_key, input) => affine(input, 'layerNorm'),
    apply: (params, _mode, x) =>
      layerNormOp(x, tensorAt(params, 'gain'), tensorAt(params, 'bias'), epsilon),
  };
}

function normaliseGroups(params: Params, x: Tensor, groups: number, epsilon: number): Tensor {
  const channels = x.shape.at(-1)!;
  const grouped = reshape(x, [x.shape[0], -1, groups, channels / groups]);
  const centred = sub(grouped, mean(grouped, [1, 3], true));
  const scale = rsqrt(add(mean(square(centred), [1, 3], true), epsilon));
  const standard = reshape(mul(centred, scale), x.shape);
  return add(mul(standard, tensorAt(params, 'gain')), tensorAt(params, 'bias'));
}

/**
 * Group normalisation: mean 0 and variance 1 over each group of neighbouring channels and all pixels, then a gain and a
 * bias for each channel (Wu & He 2018, eq. 7). [B, …, C] to the same, with parameters `gain` [C] and `bias` [C].
 *
 * @throws ConfigError when `groups` is no whole number from 1; `init` throws ShapeError when it does not divide C.
 */
export function groupNorm(options: GroupNormOptions): Network {
  expectGiven('groupNorm', options, 'groups');
  const { groups, epsilon = 1e-5 } = options;
  expectCounts('groupNorm', { groups });
  return {
    config: { kind: 'group-norm', groups, epsilon },
    init: (_key, input) => {
      if (input.length > 0 && input.at(-1)! % groups !== 0)
        throw new ShapeError(
          `groupNorm: ${groups} groups do not divide the channels of ${formatShape(input)}.`,
        );
      return affine(input, 'groupNorm');
    },
    apply: (params, _mode, x) => normaliseGroups(params, x, groups, epsilon),
  };
}

/**
 * Instance normalisation: group normalisation with a group for each channel (Ulyanov et al. 2016). [B, H, W, C] to the
 * same, with parameters `gain` [C] and `bias` [C]. `init` throws ShapeError for inputs that are no images.
 */
export function instanceNorm(options: NormOptions = {}): Network {
  expectGiven('instanceNorm', options);
  const { epsilon = 1e-5 } = options;
  return {
    config: { kind: 'instance-norm', epsilon },
    init: (_key, input) => affine(imageShape(input, 'instanceNorm'), 'instanceNorm'),
    apply: (params, _mode, x) => normaliseGroups(params, x, x.shape.at(-1)!, epsilon),
  };
}
