import { ConfigError, expectGiven, formatShape, type Network } from '@elbo/core';
import type { Activation } from '@elbo/ops';
import { conv } from './conv.js';
import { convTranspose } from './conv_transpose.js';
import { dense } from './dense.js';
import type { ImageShape } from './images.js';
import { flatten, reshape } from './reshape.js';
import { sequential } from './sequential.js';

/** A trunk that halves images with each convolution. */
export interface ConvTrunkOptions {
  /** The channels of each convolution. */
  readonly filters?: readonly number[];
  /** The units of a last, fully connected layer; without it the pixels of the last convolution are the output. */
  readonly units?: number;
  /** The height and width of the kernels. */
  readonly kernel?: number;
  readonly activation?: Activation;
}

/**
 * Convolutions of stride 2, then a fully connected layer, all activated: images [B, H, W, C] to [B, units]. A
 * `sequential`, whose config lists the layers; the defaults suit 28 × 28 pixels.
 *
 * @throws ConfigError when a number is no whole number from 1.
 */
export function convTrunk(options: ConvTrunkOptions = {}): Network {
  expectGiven('convTrunk', options);
  const { filters = [32, 64], units, kernel = 4, activation = 'relu' } = options;
  expectFilters('convTrunk', filters);
  return sequential([
    ...filters.map((channels) => conv({ filters: channels, kernel, stride: 2, activation })),
    flatten(),
    ...(units === undefined ? [] : [dense({ units, activation })]),
  ]);
}

/** A trunk that doubles images with each transposed convolution. */
export interface DeconvTrunkOptions {
  /** The shape of the images it makes. */
  readonly shape?: ImageShape;
  /** The channels that each transposed convolution takes. */
  readonly filters?: readonly number[];
  /** The units of a first, fully connected layer, if there is to be one before the first pixels. */
  readonly units?: number;
  /** The height and width of the kernels. */
  readonly kernel?: number;
  readonly activation?: Activation;
}

/**
 * The mirror of `convTrunk`: a fully connected layer to the first pixels, then transposed convolutions of stride 2, the
 * last one linear: [B, Z] to [B, ...shape]. A `sequential`, whose config lists the layers.
 *
 * @throws ConfigError when a number is no whole number from 1, or the image cannot be halved as often as there are
 * `filters`.
 */
export function deconvTrunk(options: DeconvTrunkOptions = {}): Network {
  expectGiven('deconvTrunk', options);
  const {
    shape = [28, 28, 1],
    filters = [64, 32],
    units,
    kernel = 4,
    activation = 'relu',
  } = options;
  expectFilters('deconvTrunk', filters);
  const [height, width, channels] = shape;
  const [first, ...rest] = filters;
  const factor = 2 ** filters.length;
  if (first === undefined || height % factor !== 0 || width % factor !== 0)
    throw new ConfigError(
      `deconvTrunk: images ${formatShape(shape)} cannot be halved ${filters.length} times; give 'filters' at least one number, and so few that height and width can be halved once for each.`,
    );
  const pixels = [height / factor, width / factor, first] as const;
  return sequential([
    ...(units === undefined ? [] : [dense({ units, activation })]),
    dense({ units: pixels[0] * pixels[1] * first, activation }),
    reshape(pixels),
    ...rest.map((n) => convTranspose({ filters: n, kernel, stride: 2, activation })),
    convTranspose({ filters: channels, kernel, stride: 2 }),
  ]);
}

function expectFilters(where: string, filters: unknown): void {
  if (!Array.isArray(filters) || !filters.every((channels) => typeof channels === 'number'))
    throw new ConfigError(`${where}: option 'filters' should be a list of numbers.`);
}
