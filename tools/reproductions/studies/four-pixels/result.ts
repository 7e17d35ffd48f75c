// What is kept of the study; in nats, and means over the four images.
import type { Refit } from '@elbo/evaluation';
import type { Ends } from '../../common/ends.js';
import type { Spent } from '../../runner/clock.js';
import type { Control } from './controls.js';
import type { AtBothSizes } from './divergence.js';
import type { Name } from './models.js';

/** What fresh discriminators, fitted to the finished encoder, say of the ELBO. */
export interface Doctor extends Pick<Refit, 'interval' | 'probes' | 'disagreement' | 'gained'> {
  readonly verdict: string;
  /** By how much `claimed` is above the true ELBO; not of runs that were judged by 1,024 copies of the images. */
  readonly deviation?: Ends;
  readonly claimed: number;
  readonly accuracy: number;
  readonly elbo: number;
  readonly atMost: number;
}

/** log p(x), and how far it is from that on a coarser grid. */
export interface Evidence {
  readonly logLikelihood: number;
  readonly quadratureDisagreement: number;
}

/** The samples' divergences, and the mean of −log p(x|z) at them, summed over pixels. */
export interface OfSamples extends AtBothSizes {
  readonly reconstruction: number;
}

/** What the model's own terms say. */
export interface OwnElbo {
  readonly ownElbo: number;
}

/** What the doctor says of a model that needs discriminators. */
export interface Doctored {
  readonly doctor?: Doctor;
}

/** What holds of any model: `lower` ≤ ELBO ≤ `upper`, but for a mismeasurement of `violation`. */
export interface Sandwich {
  readonly lower: number;
  readonly upper: number;
  readonly violation: number;
}

export interface Measured extends Evidence, OfSamples, OwnElbo, Doctored, Sandwich {
  /** Minus the reconstruction and the posterior's divergence by nearest neighbours: it needs no discriminator. */
  readonly elbo: number;
}

/** One trained model. */
export interface Run extends Measured {
  readonly seed: number;
  readonly perPixel: number;
  /** The ELBO by the model's own terms, less the true one. */
  readonly excess: number;
  readonly steps: number;
  readonly time: { readonly training: Spent; readonly measuring: Spent };
}

/** The figures of a run that are numbers. */
export type Quantity =
  | 'logLikelihood'
  | 'perPixel'
  | 'elbo'
  | 'aggregate'
  | 'ownElbo'
  | 'excess'
  | 'disagreement'
  | 'violation';

export type ByModel = Readonly<Partial<Record<Name, readonly Run[]>>>;

export interface Result {
  readonly backend: { readonly name: string; readonly version: string; readonly threads: number };
  readonly models: ByModel;
  readonly controls: readonly Control[];
}
