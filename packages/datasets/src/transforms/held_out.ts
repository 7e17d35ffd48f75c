import { ConfigError } from '@elbo/core';
import { fold, permutation } from '@elbo/random';
import { keyOf } from '../checks.js';
import type { Dataset } from '../dataset.js';
import { indexed } from './subset.js';

/** How many rows are held out: a number of rows, or, below 1, a share of them; none by default. */
export interface HoldOut {
  readonly validation?: number;
  readonly test?: number;
}

/** The share of the rows that stands in for a split that there is not. */
export const usualShare = 0.1;

/** The parts of a dataset: every row is in one of them. */
export type Parts<Held extends HoldOut = HoldOut> = { readonly train: Dataset } & {
  readonly [Part in keyof HoldOut]-?: Held[Part] extends number ? Dataset : Dataset | undefined;
};

/**
 * Rows of a dataset, chosen by `seed`, that are kept from training. The parts are disjoint and cover the data; which rows
 * each has is a function of the data's size, the numbers and the seed.
 *
 * @throws ConfigError for numbers that are neither shares nor whole, that leave no rows to train on, or hold none out.
 */
export function heldOut<Held extends HoldOut>(
  data: Dataset,
  options: Held & { readonly seed?: number },
): Parts<Held> {
  const { validation, test, seed = 0 }: HoldOut & { readonly seed?: number } = options;
  const counts = {
    validation: validation === undefined ? 0 : countOf(validation, 'validation', data),
    test: test === undefined ? 0 : countOf(test, 'test', data),
  };
  const held = counts.validation + counts.test;
  if (held === 0)
    throw new ConfigError(`held-out of ${data.name}: give 'validation', 'test' or both.`);
  if (held >= data.size)
    throw new ConfigError(
      `held-out of ${data.name}: ${held} of its ${data.size} rows leave none to train on.`,
    );
  const order = permutation(fold(keyOf(seed, `held-out of ${data.name}`), 'held-out'), data.size);
  const part = (name: string, begin: number, end: number): Dataset =>
    indexed(data, order.slice(begin, end), {
      kind: 'held-out',
      data: data.config,
      validation: validation ?? 0,
      test: test ?? 0,
      seed,
      part: name,
    });
  const parts: Parts = {
    train: part('train', held, data.size),
    validation: counts.validation > 0 ? part('validation', 0, counts.validation) : undefined,
    test: counts.test > 0 ? part('test', counts.validation, held) : undefined,
  };
  return parts as Parts<Held>;
}

/** The number of rows that a number or a share means; at least one of any share. */
function countOf(given: number, name: string, data: Dataset): number {
  if (given > 0 && given < 1) return Math.max(1, Math.round(given * data.size));
  if (Number.isSafeInteger(given) && given >= 1) return given;
  throw new ConfigError(
    `held-out of ${data.name}: '${name}' is a number of rows, or a share of them between 0 and 1, not ${given}.`,
  );
}
