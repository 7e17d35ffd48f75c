/** How far work is. */
export interface Progress {
  /** @param text What is said beside it. */
  update(done: number, text: string): void;
  stop(): void;
}

/** Whoever has long work done: what it is told on the way, and how it ends it. */
export interface Host {
  /** What a person should know. */
  note(text: string): void;
  /** Where the work is, in words that the next replace. */
  status(text: string): void;
  /** Shows how far work of `total` parts is, of which `done` are done already. */
  progress(total: number, done?: number): Progress;
  /** Ends what can be gone on with later. */
  readonly signal?: AbortSignal | undefined;
}

/** One that hears nothing and waits for the end. */
export const quiet: Host = {
  note: () => undefined,
  status: () => undefined,
  progress: () => ({ update: () => undefined, stop: () => undefined }),
};
