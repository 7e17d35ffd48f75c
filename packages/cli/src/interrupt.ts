/** A signal that SIGINT and SIGTERM abort; a second SIGINT ends the process at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops listening. */
  release(): void;
}

/** Exit status of an interrupted command. */
export const interrupted = 130;

/** Listens for an interrupt, and says once what is being done about it. */
export function onInterrupt(say: () => void): Interrupt {
  const controller = new AbortController();
  const listen = (): void => {
    if (controller.signal.aborted) process.exit(interrupted);
    say();
    controller.abort();
  };
  process.on('SIGINT', listen);
  process.on('SIGTERM', listen);
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', listen);
      process.off('SIGTERM', listen);
    },
  };
}
