import { NumericalError } from '@elbo/core';
import { concat, dispose, stack, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Measured } from './gradient_source.js';

interface Entry {
  readonly step: number;
  readonly names: readonly string[];
  readonly packed: Tensor;
}

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
  dispose(): void;
}

/** No measurements yet. */
export function measurements(): Measurements {
  let entries: Entry[] = [];
  const dispose_ = (): void => {
    dispose(entries.map(({ packed }) => packed));
    entries = [];
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
      if (entries.length === 0) return {};
      const all = tidy(() => concat(entries.map(({ packed }) => packed)));
      const read = entries;
      dispose_();
      const values = await all.data<'float32'>();
      all.dispose();

      const sums = new Map<string, { sum: number; count: number }>();
      let at = 0;
      for (const { step, names } of read)
        for (const name of names) {
          const value = values[at++]!;
          if (!Number.isFinite(value))
            throw new NumericalError(
              step === 0
                ? `'${name}' became ${value} in the first step, before any rate had a say: values are too large for float32 as they are. Standardise the data, as \`standardised\` of @elbo/objectives does within a model, or scale them.`
                : `'${name}' became ${value} in step ${step + 1}. Lower the learning rate, clip gradients, or look at the data; earlier checkpoints are whole.`,
            );
          const so = sums.get(name) ?? { sum: 0, count: 0 };
          sums.set(name, { sum: so.sum + value, count: so.count + 1 });
        }
      return Object.fromEntries([...sums].map(([name, { sum, count }]) => [name, sum / count]));
    },
    dispose: dispose_,
  };
}
