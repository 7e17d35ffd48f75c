/** A signal that the first SIGINT or SIGTERM aborts. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops listening. */
  release(): void;
}

/** Exit status of an interrupted command. */
export const interrupted = 130;

const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Listens for one interrupt, and says what is being done about it. Another one ends the process at once: the system
 * sees to that, so it works also while a long operation blocks the event loop.
 */
export function onInterrupt(say: () => void): Interrupt {
  const controller = new AbortController();
  const release = (): void => {
    for (const signal of signals) process.off(signal, listen);
  };
  const listen = (): void => {
    release();
    say();
    controller.abort();
  };
  for (const signal of signals) process.on(signal, listen);
  return { signal: controller.signal, release };
}
