/** What ends a training before its last step: a signal, or an error that nobody caught. */
export interface Interrupt {
  /** Aborted by the first of either. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  release(): void;
}

/** Exit status of an interrupted command. */
export const interrupted = 130;

// SIGHUP comes when a terminal is closed.
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long the step in progress may take after an error, in ms: that error may be what it waits for. */
const patience = 20_000;

/**
 * Listens for one interrupt, and says what is being done about it. Another one ends the process at once: the system
 * sees to that, so it works also while a long operation blocks the event loop.
 *
 * @param unforeseen Listens for errors that nobody catches too, and says what is done about one, and that the step in
 * progress does not end after it.
 */
export function onInterrupt(
  say: () => void,
  unforeseen?: { readonly failed: (error: unknown) => void; readonly stuck: () => void },
): Interrupt {
  const controller = new AbortController();
  let failed = false;
  let timer: NodeJS.Timeout | undefined;
  const release = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('uncaughtException', onError);
    clearTimeout(timer);
  };
  const onSignal = (): void => {
    for (const signal of signals) process.off(signal, onSignal);
    say();
    controller.abort();
  };
  const onError = (error: unknown): void => {
    // More may follow from the first.
    if (failed) return;
    failed = true;
    unforeseen?.failed(error);
    controller.abort();
    timer = setTimeout(() => {
      unforeseen?.stuck();
      process.exit(1);
    }, patience);
  };
  for (const signal of signals) process.on(signal, onSignal);
  // An unhandled rejection comes as one too.
  if (unforeseen) process.on('uncaughtException', onError);
  return {
    signal: controller.signal,
    release,
  };
}
