import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { calibrated } from '../src/divergences/calibration.js';
import { digamma, logBallVolume } from '../src/divergences/constants.js';
import { logDeterminant } from '../src/likelihood/determinant.js';
import { sliceRows } from '../src/likelihood/slice_rows.js';
import { permutationTest } from '../src/two_samples/permutation_test.js';

beforeAll(() => setBackend('cpu'));

it('ψ(n) is a harmonic number less Euler’s constant', () => {
  let harmonic = 0;
  for (let n = 1; n <= 40; n++) {
    expect(digamma(n)).toBeCloseTo(harmonic - 0.5772156649015329, 11);
    harmonic += 1 / n;
  }
});

it('balls have their volumes: 2, π, 4π/3, π²/2, …', () => {
  for (const [dim, volume] of [
    [0, 1],
    [1, 2],
    [2, Math.PI],
    [3, (4 * Math.PI) / 3],
    [4, Math.PI ** 2 / 2],
    [10, Math.PI ** 5 / 120],
  ] as const)
    expect(logBallVolume(dim)).toBeCloseTo(Math.log(volume), 12);
});

it('a determinant has its logarithm and sign, whichever rows have to be swapped', () => {
  const of = (rows: readonly (readonly number[])[]): readonly [number, number] => {
    const { log, sign } = logDeterminant(rows.flat(), rows.length);
    return [sign * Math.exp(log), sign];
  };
  for (const [rows, wanted] of [
    [[[3]], 3],
    [
      [
        [0, 1],
        [1, 0],
      ],
      -1,
    ],
    [
      [
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 10],
      ],
      -3,
    ],
    [
      [
        [0, 2, 0],
        [0, 0, 3],
        [-5, 0, 0],
      ],
      -30,
    ],
  ] as const) {
    const [found, sign] = of(rows);
    expect(found).toBeCloseTo(wanted, 10);
    expect(sign).toBe(Math.sign(wanted));
  }
  expect(
    of([
      [1, 2],
      [2, 4],
    ])[1],
  ).toBe(0);
});

it('rows of a batch are cut whole, of images and of what goes with them', () => {
  const x = tensor(
    Array.from({ length: 24 }, (_, i) => i),
    [3, 2, 2, 2],
  );
  const condition = tensor2d([1, 2, 3, 4, 5, 6], [3, 2]);
  const cut = sliceRows({ x, condition }, 1, 2);
  expect(cut.x.shape).toEqual([2, 2, 2, 2]);
  expect([...cut.x.dataSync()]).toEqual(Array.from({ length: 16 }, (_, i) => i + 8));
  expect([...cut.condition!.dataSync()]).toEqual([3, 4, 5, 6]);
});

describe('the least that makes sense', () => {
  it('of permutations is one, and its p a half or one', () => {
    const size = (first: Uint8Array): number => first.reduce((sum, one) => sum + one, 0);
    // No order is less great than another here.
    expect(permutationTest(2, 3, size, { key: key(1), permutations: 1 }).p).toBe(1);
    expect(() => permutationTest(2, 3, size, { key: key(1), permutations: 0 })).toThrow(/1/);
  });

  it('of repetitions is two', () => {
    let trial = 0;
    // Two trials, off by 1 and 3 without an error of their own: a bias of 2, whose error is 1.
    const found = calibrated({ mean: 5, error: 0 }, { key: key(1), repetitions: 2 }, () => ({
      mean: trial++ === 0 ? 1 : 3,
      error: 0,
    }));
    expect(found.bias).toBe(2);
    expect(found.mean).toBe(3);
    // The spread of trials, 2, and the bias' own, 1.
    expect(found.error).toBeCloseTo(Math.sqrt(3), 12);
  });
});
