import type { Assignment } from './serve.js';

/** A thread of a pool, as the first one sees it. */
export interface Thread {
  /** Resolves once it serves. @rejects with the reason where it cannot. */
  readonly ready: Promise<void>;
  /** Whether it has ended, as far as that can be known without waiting. */
  hasEnded(): boolean;
  end(): void;
}

/** Starts a thread that serves. @throws where there are no threads. */
export type StartThread = (assignment: Assignment) => Thread;

/** What differs between Node and a page. */
export interface ThreadHost {
  readonly startThread: StartThread;
  /** How many threads the system can run at the same time, for this process. */
  cores(): number;
  /** Whether this thread may sleep: the one that shows a page may not. */
  maySleep(): boolean;
}
