import { DataError, expectGiven, type Config } from '@elbo/core';
import { expectRows } from '../../checks.js';
import type { Rows } from '../../dataset.js';
import type { TextDataset } from '../../procedural/sequences/generated.js';
import { inMemory } from '../in_memory.js';
import { symbolsIn, type SymbolForm } from './symbols.js';

/** Texts in memory. */
export interface Texts {
  readonly texts: readonly string[];
  /** `[N]`, −1 where unknown. */
  readonly label?: Int32Array;
  /** `characters` by default. */
  readonly symbols?: SymbolForm;
  /** The symbols there are, '' first; by default those of the texts, sorted. */
  readonly alphabet?: readonly string[];
  /** T, the most symbols of a text; by default that of the longest. */
  readonly length?: number;
  /** What errors and configs call the set. */
  readonly name?: string;
  /** The config, for a loader that knows how to read the set again; by default one for `preloaded`. */
  readonly config?: Config;
}

/** More symbols than these are no alphabet: each is a column of the one-hot rows. */
const mostSymbols = 1024;

/**
 * A dataset of texts, as one-hot sequences `[T, C]`. They are held as numbers of symbols.
 *
 * @throws DataError for a text that is empty, too long, or has a symbol that is not of the alphabet, by its number.
 *
 * @example
 * ```ts
 * import { fromText } from '@elbo/datasets';
 *
 * const data = fromText({ texts: ['ada', 'dana'] });
 * console.log(data.shape, data.alphabet); // [ 4, 4 ] [ '', 'a', 'd', 'n' ]
 * ```
 */
export function fromText(given: Texts): TextDataset {
  expectGiven('fromText', given, 'texts');
  const { texts, label, symbols: form = 'characters', name = 'texts' } = given;
  if (texts.length === 0) throw new DataError(`${name}: there are no texts in it.`);
  const all = texts.map((text) => symbolsIn(text, form));
  const alphabet = given.alphabet ?? ['', ...[...new Set(all.flat())].sort()];
  if (alphabet.length > mostSymbols)
    throw new DataError(
      `${name}: it has ${alphabet.length - 1} different symbols, and ${mostSymbols - 1} are the most. Are these lines of text in a small alphabet, such as names, words or SMILES?`,
    );
  const length = given.length ?? all.reduce((most, { length: own }) => Math.max(most, own), 0);
  const numbers = numbered(all, { alphabet, length, name });
  if (label && label.length !== texts.length)
    throw new DataError(`${name}: there are ${label.length} labels for ${texts.length} texts.`);
  const classes = label?.reduce((most, value) => Math.max(most, value + 1), 0);
  const shape = [length, alphabet.length] as const;
  const dataset: TextDataset = {
    config:
      given.config ?? inMemory({ kind: 'arrays', name, size: texts.length, shape }, numbers, label),
    name,
    size: texts.length,
    shape,
    alphabet,
    ...(classes && { classes }),
    binary: true,
    read: (rows): Rows => {
      expectRows(rows, dataset);
      const x = new Float32Array(rows.length * length * alphabet.length);
      rows.forEach((row, i) => {
        for (let place = 0; place < length; place++)
          x[(i * length + place) * alphabet.length + numbers[row * length + place]!] = 1;
      });
      return { x, ...(label && { label: Int32Array.from(rows, (row) => label[row]!) }) };
    },
    text: (row) => {
      expectRows(Uint32Array.of(row), dataset);
      return all[row]!.join('');
    },
  };
  return dataset;
}

/** The numbers of the symbols, `[N, T]`, 0 behind the end. */
function numbered(
  texts: readonly (readonly string[])[],
  {
    alphabet,
    length,
    name,
  }: { readonly alphabet: readonly string[]; readonly length: number; readonly name: string },
): Uint16Array {
  const numberOf = new Map(alphabet.map((symbol, number) => [symbol, number]));
  const numbers = new Uint16Array(texts.length * length);
  texts.forEach((symbols, row) => {
    if (symbols.length === 0) throw new DataError(`${name}: text ${row} is empty.`);
    if (symbols.length > length)
      throw new DataError(
        `${name}: text ${row}, '${symbols.join('').slice(0, 40)}', has ${symbols.length} symbols, and ${length} are the most.`,
      );
    symbols.forEach((symbol, place) => {
      const number = numberOf.get(symbol);
      if (!number)
        throw new DataError(
          `${name}: text ${row}, '${symbols.join('').slice(0, 40)}', has the symbol '${symbol}', which is not in the alphabet: ${alphabet.slice(1, 60).join(' ')}.`,
        );
      numbers[row * length + place] = number;
    });
  });
  return numbers;
}
