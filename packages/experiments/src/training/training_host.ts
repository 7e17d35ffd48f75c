import type { Report } from '@elbo/training';
import type { Host } from '../host.js';

/** A run as it begins to train. */
export interface StartedRun {
  readonly run: string;
  /** The step that it goes on from. */
  readonly step: number;
  /** The step that it ends at. */
  readonly steps: number;
  readonly seed: number;
  readonly backend: string;
}

/** Whoever has a run trained. */
export interface TrainingHost extends Host {
  /** Hears that a run begins. */
  started?(run: StartedRun): void;
  /** Hears what a run reports, and what is said of it in a line. */
  reported?(report: Report, says: string): void;
  /** Hears that nothing can be lost any more: an interrupt may end the process at once. */
  safe?(): void;
  /** Aborted by an error that nobody caught, which is its reason: the run's report tells of it before the step in progress ends. */
  readonly failure?: AbortSignal | undefined;
}
