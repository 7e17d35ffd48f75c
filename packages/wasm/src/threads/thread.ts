import type { Assignment } from './serve.js';

/** A thread of a pool, as the first one sees it. */
export interface Thread {
  /** Lets it serve, and resolves once it does. @rejects with the reason where it cannot. */
  assign(assignment: Assignment): Promise<void>;
  /** Whether it has ended, as far as that can be known without waiting. */
  hasEnded(): boolean;
  end(): void;
}

/** What differs between Node and a page. */
export interface ThreadHost {
  /** Starts the thread of this number. @throws where there are no threads. */
  startThread(number: number): Thread;
  /** Whether this thread may sleep: the one that shows a page may not. */
  maySleep(): boolean;
}
