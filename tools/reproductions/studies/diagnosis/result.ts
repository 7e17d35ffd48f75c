// What is kept of the study.
import type { Diagnosis, Refit } from '@elbo/evaluation';
import type { Ends } from '../../common/ends.js';
import type { Kind } from './cases.js';
import type { Truth } from './truth.js';

/** A model, what is true of it, and what the diagnosis says. In nats. */
export interface Judged extends Pick<
  Refit,
  'missed' | 'unseen' | 'gained' | 'disagreement' | 'effectiveDraws' | 'margins'
> {
  readonly name: string;
  readonly kind: Kind;
  readonly seed: number;
  readonly rows: number;
  readonly truth: Truth;
  readonly verdict: Diagnosis['verdict'];
  readonly warnings: readonly string[];
  readonly claimed: number;
  readonly tolerance: number;
  readonly accuracy: number;
  /** Of what counts of the evidence together. */
  readonly deviation: Ends;
  readonly interval: Ends;
  /** By fresh discriminators alone, whether it counts or not. */
  readonly fresh: { readonly deviation: Ends; readonly counts: boolean };
  /** What one misses of a normal, two bumps and half a normal. */
  readonly probes: readonly number[];
  readonly coreSeconds: number;
}

export interface Result {
  readonly models: readonly Judged[];
}
