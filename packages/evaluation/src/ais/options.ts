import type { ProposalChoice } from '../proposals/choice.js';
import type { Key } from '@elbo/random';
import type { AnnealingState } from './state.js';

/** How annealed importance sampling is done. */
export interface AnnealingOptions {
  readonly key: Key;
  /** Chains for each row; 16 by default. */
  readonly chains?: number;
  /** T, the steps of the temperature from the start to the posterior; 500 by default. The gap shrinks about as 1/T. */
  readonly temperatures?: number;
  /** Leapfrog steps of a transition; 10 by default. */
  readonly leapfrogs?: number;
  /** The distribution r(z|x) to start from; `priorProposal` by default. `normal` starts near the posterior. */
  readonly start?: ProposalChoice;
  /** How many z are moved at once: bounds the memory. 1000 by default, fewer of large rows, and no less than one row's chains. */
  readonly chunk?: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Called after every temperature with where it stands: keep the last to go on `from` it. */
  readonly onState?: (state: AnnealingState) => void;
  /** Goes on from here, with the same rows and options, to the same result. */
  readonly from?: AnnealingState;
  /** Aborts between temperatures. */
  readonly signal?: AbortSignal;
}
