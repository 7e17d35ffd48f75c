import type { Dataset, Split } from './dataset.js';
import { fourPixels } from './procedural/four_pixels.js';
import { linearGaussian } from './procedural/linear_gaussian.js';
import { grid, ring } from './procedural/mixtures.js';
import { molecules } from './procedural/sequences/molecules.js';
import { words } from './procedural/sequences/words.js';
import { sprites } from './procedural/sprites/sprites.js';
import { strokes } from './procedural/strokes/strokes.js';

/** What can be asked of a procedural set by name. */
export interface ProceduralOptions {
  readonly split?: Split;
  /** The number of rows; each set has its own default. */
  readonly size?: number;
  readonly seed?: number;
}

/** A dataset that has a name. */
export interface CatalogueEntry {
  readonly name: string;
  /** One line for people. */
  readonly about: string;
}

/** A dataset that is made, not loaded. */
export interface ProceduralEntry extends CatalogueEntry {
  make(options?: ProceduralOptions): Dataset;
}

/** The procedural datasets by name. Their splits are disjoint streams, or parts, of one seed; test splits of strokes and sprites are smaller. */
export const procedural: readonly ProceduralEntry[] = [
  {
    name: 'strokes',
    about: 'handwritten digits drawn from stroke skeletons, 28×28, 10 classes',
    make: (options = {}) =>
      strokes({ size: (options.split ?? 'train') === 'train' ? 60_000 : 10_000, ...options }),
  },
  {
    name: 'sprites',
    about: 'squares, ellipses and hearts of known scale, orientation and place, 32×32, 3 classes',
    make: sprites,
  },
  {
    name: 'words',
    about: 'words of three invented languages, 12 letters at most, 3 classes',
    make: words,
  },
  {
    name: 'molecules',
    about: 'small molecules as SMILES, 24 symbols at most, 3 classes',
    make: molecules,
  },
  { name: 'four-pixels', about: 'the four one-hot images of 2×2 pixels', make: () => fourPixels() },
  {
    name: 'linear-gaussian',
    about: 'a linear-Gaussian model, 4 dimensions of 2 latents',
    make: linearGaussian,
  },
  { name: 'ring', about: 'eight Gaussians on a circle, 2 dimensions', make: ring },
  { name: 'grid', about: 'five by five Gaussians, 2 dimensions', make: grid },
];
