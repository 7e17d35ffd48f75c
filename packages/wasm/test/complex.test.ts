import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';

beforeAll(accelerated);

const complex = (shape: number[], phase = 0): tf.Tensor =>
  tf.complex(waves(shape, phase), waves(shape, phase + 5));

async function numbers(x: tf.Tensor): Promise<[real: number, imaginary: number][]> {
  const [real, imaginary] = [await tf.real(x).data(), await tf.imag(x).data()];
  return Array.from(real, (re, i) => [re, imaginary[i]!]);
}

it('products broadcast, and are those of complex numbers', async () => {
  const [a, b] = [complex([3, 4]), complex([4], 1)];
  poisonHeap();
  const [ofA, ofB] = [await numbers(a), await numbers(b)];
  (await numbers(tf.mul(a, b))).forEach(([re, im], i) => {
    const [[p, q], [r, s]] = [ofA[i]!, ofB[i % 4]!];
    expect([re, im]).toEqual([Math.fround(p * r - q * s), Math.fround(p * s + q * r)]);
  });
});

it('sums take the parts apart, and a size is the length of the number', async () => {
  const [a, b] = [complex([2, 3]), complex([1, 3], 1)];
  const [ofA, ofB, sum] = [await numbers(a), await numbers(b), await numbers(tf.add(a, b))];
  sum.forEach(([re, im], i) => {
    expect([re, im]).toEqual([
      Math.fround(ofA[i]![0] + ofB[i % 3]![0]),
      Math.fround(ofA[i]![1] + ofB[i % 3]![1]),
    ]);
  });
  (await tf.abs(a).data()).forEach((size, i) => {
    expect(size).toBe(Math.fround(Math.hypot(...ofA[i]!)));
  });
});

it.each([1, 2, 3, 8, 12, 13, 30, 64, 97, 1000])(
  'the Fourier transform of %i numbers is that of the definition, and goes back',
  async (n) => {
    const x = complex([2, n]);
    const values = await numbers(x);
    poisonHeap(1 << 12);
    const transformed = tf.spectral.fft(x);
    (await numbers(transformed)).forEach(([re, im], place) => {
      const [row, j] = [Math.floor(place / n), place % n];
      let [sumRe, sumIm, size] = [0, 0, 0];
      for (let k = 0; k < n; k++) {
        const [p, q] = values[row * n + k]!;
        const angle = (-2 * Math.PI * ((j * k) % n)) / n;
        sumRe += p * Math.cos(angle) - q * Math.sin(angle);
        sumIm += p * Math.sin(angle) + q * Math.cos(angle);
        size += Math.hypot(p, q);
      }
      // One rounding to float32, and those in double precision, which are n times 2⁻²⁹ of that.
      const bound = (exact: number): number => 2 ** -24 * Math.abs(exact) + n * 2 ** -50 * size;
      expect(Math.abs(re - sumRe)).toBeLessThanOrEqual(bound(sumRe));
      expect(Math.abs(im - sumIm)).toBeLessThanOrEqual(bound(sumIm));
    });
    (await numbers(tf.spectral.ifft(transformed))).forEach(([re, im], i) => {
      // Each of the n transformed numbers is off by a rounding of at most √2 n; the inverse averages them.
      expect(Math.abs(re - values[i]![0])).toBeLessThanOrEqual(2 ** -23 * n);
      expect(Math.abs(im - values[i]![1])).toBeLessThanOrEqual(2 ** -23 * n);
    });
  },
);

it('complex numbers are made of real ones, zeros and ones, and lose their imaginary part', async () => {
  const real = tf.tensor1d([1.5, -2]);
  const x = tf.cast(real, 'complex64');
  expect(await numbers(x)).toEqual([
    [1.5, 0],
    [-2, 0],
  ]);
  expect(Array.from(await tf.cast(complex([2]), 'float32').data())).toEqual(
    Array.from(await waves([2]).data()),
  );
  expect(await numbers(tf.onesLike(x))).toEqual([
    [1, 0],
    [1, 0],
  ]);
  expect(await numbers(tf.zerosLike(x))).toEqual([
    [0, 0],
    [0, 0],
  ]);
});
