/** Keeps work beside the main work within a share of the time. */
export interface TimeShare {
  /** Whether there is time for as much again as was taken last. */
  free(): boolean;
  /** Does it, and counts the time that it takes, also where it fails. */
  spend<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * @param share Of the time since the call, at most.
 * @param expected Milliseconds that the first work is taken to need.
 * @param now The time in milliseconds.
 */
export function timeShare(
  share: number,
  expected = 0,
  now: () => number = () => performance.now(),
): TimeShare {
  const began = now();
  let spent = 0;
  let next = expected;
  return {
    free: () => spent + next <= share * (now() - began),
    spend: async (work) => {
      const from = now();
      try {
        return await work();
      } finally {
        next = now() - from;
        spent += next;
      }
    },
  };
}
