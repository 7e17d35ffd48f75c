import { key, normal } from '@elbo/random';
import { describe, expect, it } from 'vitest';
import { fromArrays, momentsOf, type Dataset } from '../src/index.js';

const rows = 2500;
const noise = normal(key(1), rows * 3);

/** 2500 rows of three columns: more than are read at once. */
function columns(value: (column: number, e: number) => number): Dataset {
  const x = Float32Array.from({ length: rows * 3 }, (_, i) => value(i % 3, noise[i]!));
  return fromArrays({ x, shape: [3], range: 'finite' });
}

describe('momentsOf', () => {
  it('is the mean and standard deviation of each column, in doubles, of any scale and offset', async () => {
    const scales = [1e30, 1e-30, 1];
    const offsets = [0, 0, 1e6];
    const data = columns((c, e) => offsets[c]! + scales[c]! * e);
    const { mean, sd } = (await momentsOf(data))!;
    const { x } = await data.read(
      Uint32Array.from({ length: rows }, (_, i) => i),
      key(0),
    );
    for (let c = 0; c < 3; c++) {
      const column = Array.from({ length: rows }, (_, row) => x[row * 3 + c]!);
      // Less its first value, a column's sums lose nothing.
      const from = column.map((value) => value - column[0]!);
      const centre = from.reduce((a, b) => a + b) / rows;
      const spread = Math.sqrt(from.reduce((sum, value) => sum + (value - centre) ** 2, 0) / rows);
      expect((mean[c]! - column[0]! - centre) / spread).toBeCloseTo(0, 9);
      expect(sd[c]! / spread).toBeCloseTo(1, 10);
    }
  });

  it('gives a constant column its value exactly, and the standard deviation 1', async () => {
    const { mean, sd } = (await momentsOf(columns((c, e) => [0.1, 1e30, e][c]!)))!;
    expect(mean.slice(0, 2)).toEqual([Math.fround(0.1), Math.fround(1e30)]);
    expect(sd.slice(0, 2)).toEqual([1, 1]);
  });

  it('leaves data in [0, 1] alone, and takes an image’s channels each as one', async () => {
    expect(await momentsOf(columns((_, e) => 1 / (1 + Math.exp(-e))))).toBeUndefined();
    expect(await momentsOf(columns(() => 0))).toBeUndefined();
    const x = Float32Array.from({ length: 2 * 8 }, (_, i) => (i % 2 === 0 ? i : 5));
    const image = fromArrays({ x, shape: [2, 2, 2], range: 'finite' });
    expect(await momentsOf(image)).toEqual({ mean: [7, 5], sd: [Math.sqrt(21), 1] });
  });

  it('has moments of conditions where these are unbounded', async () => {
    const x = Float32Array.of(-1, 1, -1, 1);
    const given = (condition: readonly number[]): Dataset =>
      fromArrays({ x, shape: [1], range: 'finite', condition: Float32Array.from(condition) });
    expect((await momentsOf(given([0, 1, 1, 0])))!.condition).toBeUndefined();
    expect((await momentsOf(given([10, 10, 20, 20])))!.condition).toEqual({ mean: [15], sd: [5] });
  });
});
