// What is kept of the study.
import type { Estimate, NeighbourEstimate } from '@elbo/evaluation';
import type { Spent } from '../../runner/clock.js';
import type { Moments } from './moments.js';
import type { Point } from './picture.js';
import type { Exact } from './posterior.js';

/** The best normal of its kind: KL to the posterior in nats, and that by nearest neighbours. */
export interface NormalFit {
  readonly start: number;
  readonly kl: Estimate;
  readonly control: NeighbourEstimate;
  readonly coreSeconds: number;
  /** KL of every start. */
  readonly all: readonly number[];
}

/** AVB's posterior of one seed. */
export interface Adversarial extends Spent {
  readonly seed: number;
  readonly kl: NeighbourEstimate;
  /** The share of draws with τ > 0. */
  readonly positive: number;
  /** KL as its own ELBO has it. */
  readonly claimed: number;
  readonly curve: readonly Point[];
  readonly steps: number;
}

export interface Found {
  readonly exact: Exact;
  readonly normals: Readonly<Record<'mean-field' | 'full-rank', NormalFit>>;
  readonly moments: Moments;
  readonly controls: Readonly<Record<'exact' | 'full-rank', Estimate>>;
  readonly avb: readonly Adversarial[];
}

export interface Result extends Found {
  readonly backend: { readonly name: string; readonly version: string };
}
