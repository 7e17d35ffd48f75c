import { ConfigError, DataError, expectGiven } from '@elbo/core';
import { fold, permutation, type Key } from '@elbo/random';
import { expectCount, expectRows, expectSize, keyOf } from '../checks.js';
import { derived, mapRows, type Dataset, type Rows } from '../dataset.js';

/** How `labelled` hides labels. */
export interface LabelledOptions {
  /** How many rows keep their labels: as evenly as may be from all classes. */
  readonly count: number;
  /** Which rows; 0 by default. */
  readonly seed?: number;
  /** The share of rows that are labelled ones again, on top of the data's own: 0 ≤ share < 1; 0 by default. */
  readonly share?: number;
}

/** Rows that keep their labels, in a random order. */
type Kept = readonly number[];

/** Rows looked at together while some of each class are sought. */
const chunk = 256;

/**
 * A dataset that hides all labels but those of `count` rows: −1 instead.
 *
 * With a `share`, it has more rows than the data: labelled ones, again and again, so many that of a random batch this
 * share is labelled, on the average. A hundred labels among 60,000 rows would otherwise be one in every fifth batch of
 * 128. Which rows keep their labels depends on the seed; they are sought at the first read.
 *
 * @throws ConfigError for options that make no sense; DataError when the dataset has no labels, and on reading when a
 * class has too few.
 */
export function labelled(data: Dataset, options: LabelledOptions): Dataset {
  expectGiven('labelled', options, 'count');
  const { count, seed = 0, share = 0 } = options;
  const { classes, name } = data;
  expectCount(count, `labelled of ${name}: count`);
  if (!(share >= 0 && share < 1))
    throw new ConfigError(
      `labelled of ${name}: 'share' must be 0 or more and below 1, not ${share}.`,
    );
  const source = fold(keyOf(seed, `labelled of ${name}`), 'labelled');
  if (!classes) throw new DataError(`${name}: it has no labels to keep some of.`);
  const again = Math.round((data.size * share) / (1 - share));
  let kept: Kept | Promise<Kept> | undefined;

  const read = (rows: Uint32Array, readKey: Key, keepers: Kept): Rows | Promise<Rows> => {
    const visible = new Set(keepers);
    const own = rows.map((row) =>
      row < data.size ? row : keepers[(row - data.size) % keepers.length]!,
    );
    return mapRows(data.read(own, readKey), (found) => ({
      ...found,
      label: Int32Array.from(own, (row, i) => (visible.has(row) ? found.label![i]! : -1)),
    }));
  };
  expectSize(data.size + again, `labelled of ${name}`);
  const dataset: Dataset = derived(data, {
    config: { kind: 'labelled', data: data.config, count, seed, share },
    size: data.size + again,
    read: (rows, readKey) => {
      expectRows(rows, dataset);
      kept ??= chosen(data, classes, count, source);
      return kept instanceof Promise
        ? kept.then((keepers) => read(rows, readKey, keepers))
        : read(rows, readKey, kept);
    },
  });
  return dataset;
}

/** The first rows of each class in a random order. */
function chosen(data: Dataset, classes: number, count: number, source: Key): Kept | Promise<Kept> {
  const order = permutation(source, data.size);
  const each = Array.from(
    { length: classes },
    (_, c) => Math.floor(count / classes) + Number(c < count % classes),
  );
  const from = (begin: number, kept: readonly Kept[]): Kept | Promise<Kept> => {
    const lacking = kept.findIndex((rows, c) => rows.length < each[c]!);
    if (lacking < 0) return kept.flat();
    if (begin >= data.size)
      throw new DataError(
        `${data.name}: class ${lacking} has ${kept[lacking]!.length} labelled rows, but ${each[lacking]!} should keep their labels.`,
      );
    const rows = order.subarray(begin, begin + chunk);
    const next = ({ label }: Rows): Kept | Promise<Kept> =>
      from(
        begin + chunk,
        kept.map((own, c) =>
          [...own, ...rows.filter((_, i) => label?.[i] === c)].slice(0, each[c]),
        ),
      );
    const found = data.read(rows, fold(source, begin));
    return found instanceof Promise ? found.then(next) : next(found);
  };
  return from(
    0,
    each.map(() => []),
  );
}
