/** Seconds spent, by the clock and of a core, on a machine that others may be using too. */
export interface Spent {
  readonly seconds: number;
  readonly coreSeconds: number;
}

/** A clock that goes on from an earlier reading. */
export function clockFrom({ seconds = 0, coreSeconds = 0 }: Partial<Spent> = {}): () => Spent {
  const [start, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return {
      seconds: seconds + (performance.now() - start) / 1000,
      coreSeconds: coreSeconds + (user + system) / 1e6,
    };
  };
}
