import { expectGiven, type Config } from '@elbo/core';
import { fold } from '@elbo/random';
import { expectRows, expectSize, sourceOf } from '../../checks.js';
import type { Dataset, Split } from '../../dataset.js';
import { chooser, type Chooser } from './chooser.js';
import { symbolNumbers, writeOneHot, type TextFormat } from './text.js';

/** Texts as one-hot sequences `[T, C]`. */
export interface TextDataset extends Dataset {
  readonly alphabet: readonly string[];
  /**
   * The text of a row.
   *
   * @throws DataError for a row that does not exist.
   */
  text(row: number): string;
}

/** How many texts, and which. */
export interface TextOptions {
  readonly size?: number;
  readonly seed?: number;
  readonly split?: Split;
}

/** A text and its class. */
export interface LabelledText {
  readonly text: string;
  readonly label: number;
}

/** A source of texts. */
export interface TextSource extends TextFormat {
  readonly name: string;
  readonly classes: number;
  /** A text, or nothing where it came out too long and is to be drawn again. */
  draw(choose: Chooser): LabelledText | undefined;
}

/** A dataset of texts that are drawn on demand: a row is a function of (seed, split, its number), whatever the size. */
export function generated(
  { name, shape, alphabet, classes, draw }: TextSource,
  options: TextOptions,
): TextDataset {
  expectGiven(name, options);
  const { size = 20_000, seed = 0, split = 'train' } = options;
  expectSize(size, name);
  const source = sourceOf(name, seed, split);
  const [length = 0, symbols = 0] = shape;
  const kept = new Map<number, LabelledText>();
  const made = (row: number): LabelledText => {
    const before = kept.get(row);
    if (before) return before;
    const of = fold(source, row);
    let drawn: LabelledText | undefined;
    for (let attempt = 0; !drawn; attempt++) drawn = draw(chooser(fold(of, attempt)));
    kept.set(row, drawn);
    return drawn;
  };
  const config: Config = { kind: name, size, seed, split };
  const dataset: TextDataset = {
    config,
    name,
    size,
    shape,
    alphabet,
    classes,
    binary: true,
    read: (rows) => {
      expectRows(rows, dataset);
      const width = length * symbols;
      const x = new Float32Array(rows.length * width);
      const label = new Int32Array(rows.length);
      rows.forEach((row, i) => {
        const { text, label: of } = made(row);
        const into = x.subarray(i * width, (i + 1) * width);
        writeOneHot(symbolNumbers(text, { shape, alphabet }), symbols, into);
        label[i] = of;
      });
      return { x, label };
    },
    text: (row) => {
      expectRows(Uint32Array.of(row), dataset);
      return made(row).text;
    },
  };
  return dataset;
}
