import type { State } from './state.js';

/** What happened since the last report of its split. */
export interface Report {
  /** Iterations done. */
  readonly step: number;
  readonly split: 'training' | 'validation';
  /** Means over the steps since the last report, or over the validation set. Bounds and costs are in nats. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Iterations a second since the last training report; 0 for validation. */
  readonly rate: number;
}

/** How a run ended: all steps done, aborted by its signal, or stopped early. */
export type Ending = 'steps' | 'aborted' | 'early';

/** A training run. Nothing happens until it is iterated; `break` pauses it, iterating again goes on. */
export interface Run extends AsyncIterable<Report> {
  /** Borrowed until the next step; the initial state exists once iteration has begun. */
  readonly state: State;
  readonly ended: Ending | undefined;
  /**
   * Hands the state over to the caller; the run is over, and a loop over it ends.
   *
   * @throws ElboError without a state, and while a step computes elsewhere, in workers or on a GPU: then end the loop first.
   */
  take(): State;
  /** Frees the state; the run is over, and a loop over it ends. */
  dispose(): void;
}
