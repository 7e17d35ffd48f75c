import { expect, test } from 'vitest';
import { boxMuller } from '../src/box_muller.js';
import { key, normal } from '../src/index.js';
import { checksum, kolmogorov, mean, normalCdf, pairs } from './statistics.js';

const N = 100_000;

/** The documented transform in float64, with the engine's own functions. */
function reference(w0: number, w1: number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(Math.fround((w0 | 1) >>> 0) / 2 ** 32));
  const angle = ((w1 << 2) * Math.PI) / 2 ** 33;
  const cosine = radius * Math.cos(angle) * (w1 & (1 << 30) ? -1 : 1);
  const sine = radius * Math.sin(angle);
  return w1 >>> 31 ? [sine, cosine] : [cosine, sine];
}

/** Distance in units of the last place of float32 at the exact value. */
const ulps = (got: number, exact: number): number =>
  got === exact ? 0 : Math.abs(got - exact) / 2 ** (Math.floor(Math.log2(Math.abs(exact))) - 23);

function transform(w0: number, w1: number): [number, number] {
  const floats = new Float32Array(2);
  const words = new Int32Array(floats.buffer);
  words[0] = w0;
  words[1] = w1;
  boxMuller(words, floats);
  return [floats[0]!, floats[1]!];
}

test('is Box and Muller within 4 units of the last place, on random words', () => {
  const draws = normal(key(1), N);
  let worst = 0;
  pairs(key(1), N / 2).forEach(([w0, w1], j) => {
    const exact = reference(w0, w1);
    worst = Math.max(worst, ulps(draws[2 * j]!, exact[0]), ulps(draws[2 * j + 1]!, exact[1]));
  });
  expect(worst).toBeLessThan(4);
});

test('its logarithm is within 3 units of the last place in every octave, and at both ends', () => {
  let worst = 0;
  for (let octave = 0; octave < 32; octave++) {
    for (let step = 0; step < 500; step++) {
      const w0 = Math.floor(2 ** (octave + step / 500)) >>> 0;
      // Angle 0: the first of the pair is the radius.
      const [radius] = transform(w0, 0);
      worst = Math.max(worst, ulps(radius, reference(w0, 0)[0]));
    }
  }
  expect(worst).toBeLessThan(3);
  expect(transform(0, 0)[0]).toBe(Math.fround(Math.sqrt(64 * Math.LN2)));
  expect(Math.abs(transform(0xffffffff, 0)[0])).toBe(0);
});

test('its sine and cosine are within 3 units of the last place all round the circle', () => {
  let worst = 0;
  const [radius] = transform(0x12345679, 0);
  for (let step = 0; step < 20_001; step++) {
    const w1 = Math.floor((step * (2 ** 32 - 1)) / 20_000);
    const exact = reference(0x12345679, w1).map((x) => x / reference(0x12345679, 0)[0]);
    transform(0x12345679, w1).forEach((x, i) => {
      worst = Math.max(worst, ulps(x / radius, exact[i]!));
    });
  }
  expect(worst).toBeLessThan(3);
});

test('passes Kolmogorov and Smirnov for many keys', () => {
  for (let seed = 0; seed < 20; seed++) {
    expect(kolmogorov(normal(key(seed), 10_000), normalCdf)).toBeLessThan(2.2);
  }
});

test('has the moments of the standard normal, and no correlation inside a pair', () => {
  const draws = normal(key(2), N);
  // E x^k and Var x^k = E x^2k − (E x^k)².
  const moments = [1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10_395];
  for (let power = 1; power <= 6; power++) {
    const error = Math.sqrt((moments[2 * power]! - moments[power]! ** 2) / N);
    expect(Math.abs(mean(draws, (x) => x ** power) - moments[power]!)).toBeLessThan(4 * error);
  }
  for (const power of [1, 2]) {
    const centre = moments[power]!;
    let sum = 0;
    for (let i = 0; i < N; i += 2) {
      sum += (draws[i]! ** power - centre) * (draws[i + 1]! ** power - centre);
    }
    const deviation = moments[2 * power]! - centre ** 2;
    expect(Math.abs(sum / deviation / Math.sqrt(N / 2))).toBeLessThan(4);
  }
});

test('has the tails of the standard normal on both sides', () => {
  const n = 2_000_000;
  const draws = normal(key(3), n);
  for (const bound of [2, 3, 4, 4.5]) {
    const expected = n * (1 - normalCdf(bound));
    let above = 0;
    let below = 0;
    for (const x of draws) {
      if (x > bound) above++;
      if (x < -bound) below++;
    }
    expect(Math.abs(above - expected)).toBeLessThan(4 * Math.sqrt(expected));
    expect(Math.abs(below - expected)).toBeLessThan(4 * Math.sqrt(expected));
  }
});

/**
 * Portability pin: any engine, and any kernel in another language, must give these. They were
 * computed by a float32 array program (NumPy) written from the doc comments, not by this code.
 */
test('gives the same bits in every engine', () => {
  expect(Array.from(normal(key(7), 4))).toEqual([
    -1.043515920639038, 1.1670948266983032, -0.854766845703125, -1.8325210809707642,
  ]);
  expect(checksum(normal(key(7), N))).toBe('b6c011d8');
});
