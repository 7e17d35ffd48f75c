import { ConfigError, expectGiven, type Network } from '@elbo/core';
import type { Activation } from '@elbo/ops';
import { activation as activationLayer } from './activation.js';
import { conv } from './conv.js';
import { convTranspose } from './conv_transpose.js';
import { dense } from './dense.js';
import type { ImageShape } from './images.js';
import { expectCounts } from './options.js';
import { flatten, reshape } from './reshape.js';
import { sequential } from './sequential.js';
import { skip } from './skip.js';

/** What both trunks take. */
interface TrunkOptions {
  /** The channels at each size, from the image inwards in a `convTrunk`, from z outwards in a `deconvTrunk`. */
  readonly filters?: readonly number[];
  /**
   * Residual blocks at each size: x + W₂ a(W₁ a(x)) with kernels of 3 × 3, and nothing else between the sizes (He et al.
   * 2016, "Identity mappings in deep residual networks", fig. 4e). W₂ begins at zero, so that no normalisation is needed,
   * and rows stay independent (Zhang et al. 2019, "Fixup", §3). None by default.
   */
  readonly blocks?: number;
  /** The height and width of the other kernels. */
  readonly kernel?: number;
  readonly activation?: Activation;
}

/** A trunk that halves images with each convolution. */
export interface ConvTrunkOptions extends TrunkOptions {
  /** The units of a last, fully connected layer; without it the pixels of the last convolution are the output. */
  readonly units?: number;
}

/**
 * Convolutions of stride 2, then a fully connected layer, all activated: images [B, H, W, C] to [B, units]. Of odd sizes
 * the larger half is kept. A `sequential`, whose config lists the layers; the defaults suit 28 × 28 pixels.
 *
 * @throws ConfigError when a number is no whole number from 1.
 */
export function convTrunk(options: ConvTrunkOptions = {}): Network {
  expectGiven('convTrunk', options);
  const { filters = [32, 64], units, blocks = 0, kernel = 4, activation = 'relu' } = options;
  expectFilters('convTrunk', filters);
  const stages = filters.map((channels) =>
    blocks === 0
      ? [conv({ filters: channels, kernel, stride: 2, activation })]
      : [
          conv({ filters: channels, kernel, stride: 2 }),
          ...residualBlocks('convTrunk', blocks, channels, activation),
        ],
  );
  return sequential([
    ...stages.flat(),
    ...(blocks === 0 ? [] : [activationLayer(activation)]),
    flatten(),
    ...(units === undefined ? [] : [dense({ units, activation })]),
  ]);
}

/** A trunk that doubles images with each transposed convolution. */
export interface DeconvTrunkOptions extends TrunkOptions {
  /** The shape of the images it makes. */
  readonly shape?: ImageShape;
  /** The units of a first, fully connected layer, if there is to be one before the first pixels. */
  readonly units?: number;
}

/**
 * The mirror of `convTrunk`: a fully connected layer to the first pixels, then transposed convolutions of stride 2, the
 * last one linear: [B, Z] to [B, ...shape], by the sizes that halving makes of it. A `sequential`, whose config lists the
 * layers.
 *
 * @throws ConfigError when a number is no whole number from 1, or there are no `filters`.
 */
export function deconvTrunk(options: DeconvTrunkOptions = {}): Network {
  expectGiven('deconvTrunk', options);
  const {
    shape = [28, 28, 1],
    filters = [64, 32],
    units,
    blocks = 0,
    kernel = 4,
    activation = 'relu',
  } = options;
  expectFilters('deconvTrunk', filters);
  const [height, width, channels] = shape;
  const [first, ...rest] = filters;
  if (first === undefined)
    throw new ConfigError("deconvTrunk: give 'filters' at least one number, for the first pixels.");
  const sizes = halvings([height, width], filters.length).toReversed();
  const pixels = [...sizes[0]!, first] as const;
  // What reads the residual sum activates it.
  const inner = blocks === 0 ? activation : 'linear';
  const stages = [...rest, channels].map((makes, i) => {
    const [to, from] = [sizes[i + 1]!, sizes[i]!];
    const doubled = to.every((size, axis) => size === 2 * from[axis]!);
    return [
      ...(blocks === 0
        ? []
        : [
            ...residualBlocks('deconvTrunk', blocks, filters[i]!, activation),
            activationLayer(activation),
          ]),
      convTranspose({
        filters: makes,
        kernel,
        stride: 2,
        ...(i < rest.length && { activation: inner }),
        ...(!doubled && { size: to }),
      }),
    ];
  });
  return sequential([
    ...(units === undefined ? [] : [dense({ units, activation })]),
    dense({ units: pixels[0] * pixels[1] * first, activation: inner }),
    reshape(pixels),
    ...stages.flat(),
  ]);
}

type Size = readonly [height: number, width: number];

/** A size, its half, the half of that, each rounded up as convolutions of stride 2 do. */
function halvings(size: Size, times: number): readonly Size[] {
  const [height, width] = size;
  const half: Size = [Math.ceil(height / 2), Math.ceil(width / 2)];
  return times === 0 ? [size] : [size, ...halvings(half, times - 1)];
}

function residualBlocks(
  where: string,
  blocks: number,
  filters: number,
  activation: Activation,
): readonly Network[] {
  expectCounts(where, { blocks });
  return Array.from({ length: blocks }, () =>
    skip(
      sequential([
        activationLayer(activation),
        conv({ filters, kernel: 3, activation }),
        conv({ filters, kernel: 3, init: 'zeros' }),
      ]),
    ),
  );
}

function expectFilters(where: string, filters: unknown): void {
  if (!Array.isArray(filters) || !filters.every((channels) => typeof channels === 'number'))
    throw new ConfigError(`${where}: option 'filters' should be a list of numbers.`);
}
