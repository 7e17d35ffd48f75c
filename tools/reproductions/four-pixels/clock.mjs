// Time spent, on a machine that others may be using too.

/** A clock that goes on from an earlier reading: seconds, and seconds of a core. */
export function clockFrom({ seconds = 0, coreSeconds = 0 } = {}) {
  const [start, used] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(used);
    return {
      seconds: seconds + (performance.now() - start) / 1000,
      coreSeconds: coreSeconds + (user + system) / 1e6,
    };
  };
}
