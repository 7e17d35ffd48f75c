import { Session } from 'node:inspector/promises';
import { setFlagsFromString } from 'node:v8';

/**
 * How often the blocks of source files ran during some work, and how many items sets gave out, in all: its cost in steps of the
 * program, which depends on no clock. What other built-in functions do inside is not counted.
 */
export async function countWork(files: RegExp, work: () => void): Promise<number> {
  const session = new Session();
  session.connect();
  // Optimised code counts what it inlines only now and then.
  setFlagsFromString('--no-opt');
  const items = countItems();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await session.post('Profiler.takePreciseCoverage');
    work();
    const taken = await session.post('Profiler.takePreciseCoverage');
    const { result } = taken;
    return result
      .filter(({ url }) => files.test(url))
      .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
      .reduce((sum, { count }) => sum + count, items());
  } finally {
    items();
    await session.post('Profiler.disable');
    session.disconnect();
    setFlagsFromString('--opt');
  }
}

/** Counts items that sets give out one by one, until it is asked how many. */
function countItems(): () => number {
  let count = 0;

  const { values } = Set.prototype;
  Set.prototype[Symbol.iterator] = function* (this: Set<unknown>) {
    for (const value of values.call(this) as SetIterator<unknown>) {
      count++;
      yield value;
    }
  } as typeof values;
  return () => {
    Set.prototype[Symbol.iterator] = values;
    return count;
  };
}
