import { expectGiven, type Config } from '@elbo/core';
import { fold, integers, normal } from '@elbo/random';
import { expectCount, expectPositive, expectRows, expectSize, sourceOf } from '../checks.js';
import type { Dataset, Split } from '../dataset.js';
import { gatherFloats, gatherLabels } from '../reading/gather.js';

/** Points of the plane from an even mixture of round Gaussians; a point's label is its Gaussian. */
export interface MixtureDataset extends Dataset {
  /** The Gaussians' means, `[M, 2]`, flat. */
  readonly modes: Float32Array;
  /** The Gaussians' standard deviation in each coordinate. */
  readonly sd: number;
}

/** More Gaussians are more classes than any model here tells apart. */
const mostModes = 2 ** 16;

/** What `ring` and `grid` share. */
export interface MixtureOptions {
  readonly sd?: number;
  readonly size?: number;
  readonly seed?: number;
  readonly split?: Split;
}

/** `modes` Gaussians on a circle of radius `radius`. */
export function ring(
  options: MixtureOptions & { readonly modes?: number; readonly radius?: number } = {},
): MixtureDataset {
  expectGiven('ring', options);
  const { modes = 8, radius = 2, sd = 0.02, size = 50_000, seed = 0, split = 'train' } = options;
  expectCount(modes, 'ring: modes', 1, mostModes);
  expectPositive(radius, 'ring: radius');
  const means = new Float32Array(2 * modes);
  for (let i = 0; i < modes; i++) {
    const angle = (2 * Math.PI * i) / modes;
    means[2 * i] = radius * Math.cos(angle);
    means[2 * i + 1] = radius * Math.sin(angle);
  }
  return mixture({ kind: 'ring', modes, radius, sd, size, seed, split }, means, {
    sd,
    size,
    seed,
    split,
  });
}

/** `side` × `side` Gaussians on a square grid of the given spacing, centred at the origin. */
export function grid(
  options: MixtureOptions & { readonly side?: number; readonly spacing?: number } = {},
): MixtureDataset {
  expectGiven('grid', options);
  const { side = 5, spacing = 2, sd = 0.05, size = 50_000, seed = 0, split = 'train' } = options;
  expectCount(side, 'grid: side', 1, Math.sqrt(mostModes));
  expectPositive(spacing, 'grid: spacing');
  const at = (i: number): number => spacing * (i - (side - 1) / 2);
  const means = Float32Array.from({ length: 2 * side * side }, (_, i) => {
    const mode = i >> 1;
    return at(i % 2 === 0 ? mode % side : Math.floor(mode / side));
  });
  return mixture({ kind: 'grid', side, spacing, sd, size, seed, split }, means, {
    sd,
    size,
    seed,
    split,
  });
}

function mixture(
  config: Config,
  modes: Float32Array,
  options: Required<MixtureOptions>,
): MixtureDataset {
  const { sd, size, seed, split } = options;
  expectSize(size, config.kind, 3);
  expectPositive(sd, `${config.kind}: sd`);
  const source = sourceOf(config.kind, seed, split);
  const classes = modes.length / 2;
  const label = Int32Array.from(integers(fold(source, 'mode'), size, classes));
  const x = normal(fold(source, 'noise'), 2 * size);
  for (let i = 0; i < x.length; i++) x[i] = modes[2 * label[i >> 1]! + (i & 1)]! + sd * x[i]!;
  const dataset: MixtureDataset = {
    config,
    name: config.kind,
    size,
    shape: [2],
    classes,
    binary: false,
    modes,
    sd,
    read: (rows) => {
      expectRows(rows, dataset);
      return { x: gatherFloats(x, 2, rows), label: gatherLabels(label, rows) };
    },
  };
  return dataset;
}
