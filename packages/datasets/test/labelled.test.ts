import { createRegistry } from '@elbo/core';
import { key } from '@elbo/random';
import { describe, expect, it } from 'vitest';
import {
  batches,
  datasetCategory,
  datasetKinds,
  linearGaussian,
  labelled,
  ring,
  strokes,
  type Dataset,
  type Rows,
} from '../src/index.js';

const data = ring({ modes: 3, size: 600 });
const registry = createRegistry(...datasetKinds);
const all = (set: Dataset): Uint32Array => Uint32Array.from({ length: set.size }, (_, i) => i);
const read = (set: Dataset, rows = all(set)): Rows => set.read(rows, key(1)) as Rows;
const known = ({ label }: Rows): readonly number[] =>
  [...label!].flatMap((value, row) => (value >= 0 ? [row] : []));

describe('labelled', () => {
  it('keeps the labels of as many rows of each class, and all values', () => {
    const some = read(labelled(data, { count: 7 }));
    const whole = read(data);
    expect(some.x).toEqual(whole.x);
    const kept = known(some);
    expect(kept.map((row) => some.label![row])).toEqual(kept.map((row) => whole.label![row]));
    expect([0, 1, 2].map((c) => kept.filter((row) => whole.label![row] === c).length)).toEqual([
      3, 2, 2,
    ]);
  });

  it('keeps those that the seed says, whatever is read first', () => {
    const kept = (seed: number): readonly number[] =>
      known(read(labelled(data, { count: 30, seed })));
    const late = labelled(data, { count: 30, seed: 1 });
    read(late, Uint32Array.of(599, 3));
    expect(known(read(late))).toEqual(kept(1));
    expect(kept(2)).not.toEqual(kept(1));
  });

  it('repeats labelled rows, so that a share of random batches is labelled', () => {
    const set = labelled(data, { count: 6, share: 0.25 });
    const rows = read(set);
    expect(set.size).toBe(800);
    // The copies, and the rows themselves, are copied evenly.
    const kept = known(rows);
    expect(kept).toHaveLength(200 + 6);
    expect(rows.x.slice(1200, 1212)).toEqual(rows.x.slice(1212, 1224));
    const { at } = batches(set, { batchSize: 400, seed: 1 });
    const shares = [0, 1].map((step) => known(read(set, at(step).rows)).length / 400);
    expect((shares[0]! + shares[1]!) / 2).toBeCloseTo(206 / 800, 10);
  });

  it('goes on with data that are still on their way', async () => {
    const slow: Dataset = { ...data, read: (rows, k) => Promise.resolve(data.read(rows, k)) };
    const set = labelled(slow, { count: 7 });
    expect(await set.read(all(set), key(1))).toEqual(read(labelled(data, { count: 7 })));
  });

  it('is rebuilt from its config', () => {
    const set = labelled(data, { count: 9, seed: 3, share: 0.5 });
    const again = registry.build(datasetCategory, set.config);
    expect(again.config).toEqual(set.config);
    expect(read(again)).toEqual(read(set));
  });

  it('says which class has too few rows, and what makes no sense', () => {
    expect(() => read(labelled(strokes({ size: 12 }), { count: 100 }))).toThrow(
      /class 0 has \d+ labelled rows/,
    );
    expect(() => labelled(data, { count: 9, share: 1 })).toThrow("'share'");
    expect(() => labelled(linearGaussian({ size: 9 }), { count: 9 })).toThrow('no labels');
  });
});
