// Many pieces of work, some at once, of which one that fails ends nothing.
import type { Store } from '@elbo/core';

/** How a piece of work ended. */
export type Ended = 'done' | 'failed' | 'stopped';

/** A piece of work: its name is that of the file that says it is done. */
export interface Unit {
  readonly name: string;
  run(signal: AbortSignal): Promise<Ended>;
}

/** How they are run. */
export interface QueueOptions {
  /** Keeps a file for each that is done. */
  readonly store: Store;
  /** How many at once. */
  readonly atOnce: number;
  readonly signal: AbortSignal;
  /** Called when one ends, or is found done already. */
  onEnd(unit: Unit, ended: Ended | 'done before', left: number): void;
}

const fileOf = ({ name }: Unit): string => `${name}.json`;

/**
 * Runs what is not done yet, in order. What fails is tried again next time, as is what was stopped; a signal starts nothing more,
 * and waits for what runs, which hears it too.
 */
export async function runQueue(
  units: readonly Unit[],
  { store, atOnce, signal, onEnd }: QueueOptions,
): Promise<Readonly<Record<Ended, readonly string[]>>> {
  const before = new Set(await store.list());
  const ended: Record<Ended, string[]> = { done: [], failed: [], stopped: [] };
  let left = units.length;
  const waiting = units.filter((unit) => {
    if (!before.has(fileOf(unit))) return true;
    ended.done.push(unit.name);
    onEnd(unit, 'done before', --left);
    return false;
  });
  const worker = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit !== undefined; unit = waiting.shift()) {
      if (signal.aborted) {
        ended.stopped.push(unit.name);
        continue;
      }
      const how = await unit.run(signal).catch((): Ended => 'failed');
      if (how === 'done') await store.write(fileOf(unit), new TextEncoder().encode('{}\n'));
      ended[how].push(unit.name);
      onEnd(unit, how, --left);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return ended;
}
