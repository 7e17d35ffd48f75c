import { ConfigError, type Config } from '@elbo/core';
import { expectCount, expectRows } from '../checks.js';
import { derived, type Dataset } from '../dataset.js';

/** The rows `rows` of a dataset, in that order. */
export function subset(data: Dataset, rows: Uint32Array | readonly number[]): Dataset {
  rows.forEach((row, i) => {
    expectCount(row, `subset of ${data.name}: row number ${i}`, 0);
  });
  // Before a number is one of 32 bits, which is another.
  expectRows(rows, { name: `subset of ${data.name}`, size: data.size });
  const index = Uint32Array.from(rows);
  return indexed(data, index, { kind: 'subset', data: data.config, rows: [...index] });
}

/** The first `n` rows of a dataset; all of it when it has fewer. */
export function take(data: Dataset, n: number): Dataset {
  expectCount(n, `take of ${data.name}: n`);
  const count = Math.min(n, data.size);
  const index = Uint32Array.from({ length: count }, (_, i) => i);
  return indexed(data, index, { kind: 'take', data: data.config, n });
}

/** The rows of a dataset that have these numbers, with a config that says how they were found. */
export function indexed(data: Dataset, index: Uint32Array, config: Config): Dataset {
  if (index.length === 0)
    throw new ConfigError(`${config.kind} of ${data.name}: there are no rows in it.`);
  expectRows(index, data);
  const dataset: Dataset = derived(data, {
    config,
    size: index.length,
    ...(data.factors && {
      factors: (row: number) => {
        expectRows(Uint32Array.of(row), dataset);
        return data.factors!(index[row]!);
      },
    }),
    read: (rows, readKey) => {
      expectRows(rows, dataset);
      return data.read(
        rows.map((row) => index[row]!),
        readKey,
      );
    },
  });
  return dataset;
}
