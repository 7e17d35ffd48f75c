import type { Chains } from './chains.js';

/** A walk of chains along the temperatures: up to find step sizes, up to weigh, or down from exact draws. */
export type Leg = 'pilot' | 'forward' | 'backward';

/** What a leg that weighs found of a row. */
export interface AnnealedRow {
  /** log of the mean over chains of exp(w), in nats: forward of p(x), backward of 1/p(x). */
  readonly logMean: number;
  /** (Σ exp w)² / Σ exp 2w, of the chains. */
  readonly effectiveChains: number;
  /** The mean probability with which its chains moved. */
  readonly acceptance: number;
}

/** What annealing goes by, which must not change on the way. */
export interface Plan {
  /** The number of rows in all. */
  readonly rows: number;
  readonly chains: number;
  readonly temperatures: number;
  readonly leapfrogs: number;
  readonly chunk: number;
}

/** Where annealing stands: plain values that survive JSON. */
export interface AnnealingState {
  readonly plan: Plan;
  /** The first row of the block in progress. */
  readonly begin: number;
  /** The leg in progress, by its place among those to go. */
  readonly leg: number;
  /** Its chains, once they have started. */
  readonly chains?: Chains;
  /** Of the block: for each transition of the path the step size of each row, as far as the pilot has come. */
  readonly stepSizes: readonly (readonly number[])[];
  /** The rows that are done, by leg. */
  readonly found: Readonly<Partial<Record<Leg, readonly AnnealedRow[]>>>;
}

/** Before a block of rows that begins at `begin`. */
export function beforeBlock(
  plan: Plan,
  begin: number,
  found: AnnealingState['found'],
): AnnealingState {
  return { plan, begin, leg: 0, stepSizes: [], found };
}
