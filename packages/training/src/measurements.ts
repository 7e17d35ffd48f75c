import { NumericalError } from '@elbo/core';
import { concat, dispose, stack, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Measured } from './gradient_source.js';

interface Entry {
  readonly step: number;
  readonly names: readonly string[];
  readonly packed: Tensor;
}

/** The metrics of the steps since the last report: by name, their sum and count. */
export type Sums = readonly (readonly [name: string, sum: number, count: number])[];

/** Metrics of several steps, left on the device until they are read together. */
export interface Measurements {
  /** Takes over the scalars of one step. */
  add(step: number, measured: Measured): void;
  /**
   * The mean of each metric over the steps since the last read.
   *
   * @throws NumericalError that names the first metric, and its step, that is not finite.
   */
  read(): Promise<Record<string, number>>;
  /**
   * What the next mean will be made of so far; reading it changes nothing.
   *
   * @throws NumericalError as `read`.
   */
  sums(): Promise<Sums>;
  dispose(): void;
}

/** Measurements that go on from those of `before`, none by default. */
export function measurements(before: Sums = []): Measurements {
  const sums = new Map(before.map(([name, sum, count]) => [name, { sum, count }]));
  let entries: Entry[] = [];
  const dispose_ = (): void => {
    dispose(entries.map(({ packed }) => packed));
    entries = [];
  };
  /** Adds what is on the device, in the order of its steps: when that happens does not change a bit of the sums. */
  const gather = async (): Promise<void> => {
    if (entries.length === 0) return;
    const all = tidy(() => concat(entries.map(({ packed }) => packed)));
    const read = entries;
    dispose_();
    const values = await all.data<'float32'>();
    all.dispose();
    let at = 0;
    for (const { step, names } of read)
      for (const name of names) {
        const value = values[at++]!;
        if (!Number.isFinite(value))
          throw new NumericalError(
            `'${name}' became ${value} in step ${step + 1}. Lower the learning rate, clip gradients, or look at the data; earlier checkpoints are intact.`,
          );
        const so = sums.get(name) ?? { sum: 0, count: 0 };
        sums.set(name, { sum: so.sum + value, count: so.count + 1 });
      }
  };
  return {
    add: (step, measured) => {
      const names = Object.keys(measured);
      const scalars = Object.values(measured);
      const packed = stack(scalars);
      dispose(scalars);
      entries.push({ step, names, packed });
    },
    read: async () => {
      await gather();
      const means = [...sums].map(([name, { sum, count }]) => [name, sum / count] as const);
      sums.clear();
      return Object.fromEntries(means);
    },
    sums: async () => {
      await gather();
      return [...sums].map(([name, { sum, count }]) => [name, sum, count] as const);
    },
    dispose: dispose_,
  };
}
