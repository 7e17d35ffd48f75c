import { fold, uniform, type Key } from '@elbo/random';

/** Random choices one after another, a function of a key. */
export interface Chooser {
  /** A whole number from 0 to n − 1. */
  below(n: number): number;
  /** Whether an event of this probability happens. */
  chance(probability: number): boolean;
  /** One of a list. */
  pick<T>(list: readonly T[]): T;
}

/** Numbers are drawn this many at a time. */
const block = 16;

export function chooser(key: Key): Chooser {
  let drawn: Float32Array = new Float32Array(0);
  let used = 0;
  const next = (): number => {
    const at = used % block;
    if (at === 0) drawn = uniform(fold(key, used), block);
    used++;
    return drawn[at]!;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (list) => list[below(list.length)]!,
  };
}
