import { createHash } from 'node:crypto';
import { createRegistry, DataError } from '@elbo/core';
import { key } from '@elbo/random';
import { describe, expect, it } from 'vitest';
import {
  datasetCategory,
  datasetKinds,
  decodeText,
  encodeText,
  isValidMolecule,
  moleculeFault,
  molecules,
  procedural,
  take,
  languagesOf,
  words,
  type Dataset,
  type Rows,
  type TextDataset,
} from '../src/index.js';

const registry = createRegistry(...datasetKinds);
const numbers = (n: number): Uint32Array => Uint32Array.from({ length: n }, (_, i) => i);
const read = (data: Dataset, n: number): Rows => data.read(numbers(n), key(0)) as Rows;
const texts = (data: TextDataset, n: number): string[] =>
  Array.from({ length: n }, (_, row) => data.text(row));

describe.each([
  ['words', words],
  ['molecules', molecules],
])('%s', (name, make) => {
  const data = make({ size: 3000, seed: 1 });

  it('are one-hot rows that decode to their texts, and texts that encode to their rows', () => {
    const { x } = read(data, 500);
    const [length, symbols] = data.shape as [number, number];
    expect(symbols).toBe(data.alphabet.length);
    const wrong = Array.from({ length: 500 * length }, (_, place) => place).filter((place) => {
      const row = x.subarray(place * symbols, (place + 1) * symbols);
      return row.reduce((a, b) => a + b) !== 1 || Math.max(...row) !== 1;
    });
    expect(wrong).toEqual([]);
    expect(decodeText(x, data)).toEqual(texts(data, 500));
    const again = encodeText(texts(data, 500), data);
    expect(again.length).toBe(x.length);
    expect(again.findIndex((value, i) => value !== x[i])).toBe(-1);
  });

  it('depend on seed, split and row only', () => {
    const few = texts(make({ size: 10, seed: 1 }), 10);
    expect(few).toEqual(texts(data, 10));
    expect(texts(make({ size: 10, seed: 2 }), 10)).not.toEqual(few);
    expect(texts(make({ size: 10, seed: 1, split: 'test' }), 10)).not.toEqual(few);
    expect(() => data.text(3000)).toThrow(/no row 3000/);
  });

  it('are of each class about equally often, and seldom alike', () => {
    const counts = [0, 0, 0];
    for (const label of read(data, 3000).label!) counts[label]!++;
    // Binomial standard deviation of 3000 at 1/3 is 25.8; those drawn again for their length add a little: eight of them.
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(207);
    expect(new Set(texts(data, 3000)).size).toBeGreaterThan(2000);
  });

  it('are rebuilt from their config, keep their alphabet when a part is taken, and have a name in the catalogue', () => {
    const again = registry.build(datasetCategory, data.config);
    expect(read(again, 20)).toEqual(read(data, 20));
    expect(take(data, 5).alphabet).toEqual(data.alphabet);
    const entry = procedural.find((each) => each.name === name)!;
    expect(read(entry.make({ seed: 1 }), 20)).toEqual(read(data, 20));
  });
});

it('the texts are what they have always been', () => {
  const digest = (data: TextDataset): string =>
    createHash('sha256').update(texts(data, 500).join(' ')).digest('hex').slice(0, 16);
  expect([digest(words({ seed: 1 })), digest(molecules({ seed: 1 }))]).toEqual([
    '9b8f360af10a4d09',
    'f2ca1f2edeeaa1f7',
  ]);
});

it('encoding says which text does not fit, and why', () => {
  const data = words();
  expect(() => encodeText(['kalimo', 'x-ray'], data)).toThrow(DataError);
  expect(() => encodeText(['kalimo', 'x-ray'], data)).toThrow(/no symbol .* begins 'x-ray'/);
  expect(() => encodeText(['kalimokalimok'], data)).toThrow(/13 symbols, but only 12 fit/);
  expect(() => decodeText(new Float32Array(7), data)).toThrow(/not a whole number of texts/);
});

it('the longest symbol counts: Cl is one, and C before another letter its own', () => {
  const data = molecules();
  const [, symbols] = data.shape as [number, number];
  const x = encodeText(['CCl'], data);
  const at = (place: number): string =>
    data.alphabet[x.subarray(place * symbols, (place + 1) * symbols).indexOf(1)]!;
  expect([at(0), at(1), at(2)]).toEqual(['C', 'Cl', '']);
});

describe('words', () => {
  it('are what the grammar of their class makes', () => {
    const data = words({ size: 2000, seed: 3 });
    const { label } = read(data, 2000);
    texts(data, 2000).forEach((text, row) => {
      expect(languagesOf(text)).toContain(label![row]);
    });
  });

  it.each([
    ['talumo', [0]],
    ['strong', [1]],
    ['fermicus', [2]],
    ['fermicu', []],
    ['tlumo', []],
    ['', []],
    ['talumolumolumo', []],
  ])('%j is of the languages %j', (text, languages) => {
    expect(languagesOf(text)).toEqual(languages);
  });
});

describe('molecules', () => {
  it('are all valid, also those of other seeds', () => {
    for (const seed of [1, 2, 3])
      for (const text of texts(molecules({ seed }), 2000))
        expect(moleculeFault(text), text).toBeUndefined();
  });

  it('close a ring in the classes that have one, and only there', () => {
    const data = molecules({ size: 1000, seed: 4 });
    const { label } = read(data, 1000);
    texts(data, 1000).forEach((text, row) => {
      expect(text.includes('1')).toBe(label![row]! > 0);
    });
  });

  it.each([
    'C',
    'CCO',
    'C(=O)O',
    'CC(C)(C)C',
    'C1CC1',
    'C=1CCCCC1',
    'C1=CC=CC=C1',
    'C12CC1C2',
    'C1CC1C1CC1',
    'CC#N',
    'ClC(Cl)(Cl)Br',
    'CS(=O)(=O)C',
    'C-C',
    'OP(=O)(O)O',
  ])('%s is valid', (text) => {
    expect(isValidMolecule(text)).toBe(true);
  });

  it.each([
    ['', 'there is no atom'],
    ['CXC', "'X' is no symbol"],
    ['c1ccccc1', "'c' is no symbol"],
    ['C.C', "'.' is no symbol"],
    ['[NH4+]', "'[' is no symbol"],
    ['=C', "the bond '=' has no atom before it"],
    ['C==C', "the bond '=' follows another"],
    ['C=', 'a bond leads nowhere'],
    ['C=(C)', "a bond leads to '('"],
    ['C(C=)C', "a bond leads to ')'"],
    ['(C)C', "'(' has no atom before it"],
    ['C((C))', "'(' has no atom before it"],
    ['CC)C', "')' closes no branch"],
    ['C(C', 'a branch is not closed'],
    ['C()C', 'a branch is empty'],
    ['1CC1', 'the ring bond 1 does not follow an atom'],
    ['C(1CC)1', 'the ring bond 1 does not follow an atom'],
    ['C1CC', 'the ring bond 1 is not closed'],
    ['C11', 'a ring bond joins C to itself'],
    ['C1C1', 'two bonds join one C and C'],
    ['C12CC12', 'two bonds join one C and C'],
    ['C=1CCC#1', 'the ring bond 1 has two orders'],
    ['C(C)(C)(C)(C)C', 'C has 5 bonds, and at most 4'],
    ['O(C)(C)C', 'O has 3 bonds, and at most 2'],
    ['CN(=O)C', 'N has 4 bonds, and at most 3'],
    ['CFC', 'F has 2 bonds, and at most 1'],
    ['C=Cl', 'Cl has 2 bonds, and at most 1'],
  ])('%j is refused: %s', (text, reason) => {
    expect(moleculeFault(text)).toContain(reason);
  });
});
