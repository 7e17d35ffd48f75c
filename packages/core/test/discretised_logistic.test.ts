import { inputGradient } from '@elbo/gradients';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { discretisedLogistic, ShapeError, type DiscretisedLogistic } from '../src/index.js';
import { expectClose, expectGradient, noise, read } from './support.js';

beforeAll(useWasm);

const levels = Array.from({ length: 256 }, (_, v) => v / 255);

/** One element, of some components. */
function mixture(
  logits: readonly number[],
  locations: readonly number[],
  logScales: readonly number[],
): DiscretisedLogistic {
  const [a, b, c] = [logits, locations, logScales].map((values) =>
    tf.tensor3d([...values], [1, 1, values.length]),
  );
  return discretisedLogistic(a!, b!, c!);
}

/** The log probability of each of the 256 values. */
function logProbs(p: DiscretisedLogistic): number[] {
  return read(p.logProb(tf.tensor2d(levels, [256, 1])));
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** The same in float64, as PixelCNN++ defines it. */
function exact(
  logits: readonly number[],
  locations: readonly number[],
  logScales: readonly number[],
): number[] {
  const weights = logits.map(Math.exp);
  const total = weights.reduce((a, b) => a + b);
  return levels.map((level, v) =>
    weights.reduce((sum, weight, k) => {
      const below = (edge: number): number =>
        sigmoid((2 * level - 1 + edge - locations[k]!) / Math.exp(logScales[k]!));
      const upper = v === 255 ? 1 : below(1 / 255);
      const lower = v === 0 ? 0 : below(-1 / 255);
      return sum + (weight / total) * (upper - lower);
    }, 0),
  );
}

const cases: Record<string, readonly [number[], number[], number[]]> = {
  'one broad component': [[0], [0.1], [-1]],
  'one narrow component': [[0], [0.1], [-5]],
  'components narrower than a bin': [
    [0.3, -0.2],
    [-0.62, 0.41],
    [-6.5, -7],
  ],
  'far wider than the values': [[0], [0.5], [6]],
  'mass beyond both ends': [
    [0.5, 0, -1],
    [-1.3, 1.2, 0],
    [-2, -3, -4],
  ],
};

describe.each(Object.entries(cases))('discretisedLogistic: %s', (_, parameters) => {
  it('gives the 256 values probabilities that sum to 1, those of the definition', () => {
    tf.tidy(() => {
      const p = logProbs(mixture(...parameters)).map(Math.exp);
      expect(Math.abs(p.reduce((a, b) => a + b) - 1)).toBeLessThan(1e-5);
      expectClose(p, exact(...parameters), 2e-6);
    });
  });

  it('has samples of those probabilities, by χ²', () => {
    tf.tidy(() => {
      const n = 20_000;
      const drawn = read(mixture(...parameters).sample(key(3), n)).map((x) => x * 255);
      const counts = new Array<number>(256).fill(0);
      for (const v of drawn) {
        expect(Math.abs(v - Math.round(v))).toBeLessThan(1e-4);
        counts[Math.round(v)]!++;
      }
      // Rare values share a cell, so that each expects at least ten.
      const cells: { seen: number; expected: number }[] = [];
      let open = { seen: 0, expected: 0 };
      exact(...parameters).forEach((p, v) => {
        open = { seen: open.seen + counts[v]!, expected: open.expected + n * p };
        if (open.expected < 10) return;
        cells.push(open);
        open = { seen: 0, expected: 0 };
      });
      const last = cells.pop()!;
      cells.push({ seen: last.seen + open.seen, expected: last.expected + open.expected });
      const statistic = cells.reduce((sum, c) => sum + (c.seen - c.expected) ** 2 / c.expected, 0);
      // χ² of m degrees of freedom has the mean m and the variance 2m: five standard deviations.
      const freedom = cells.length - 1;
      expect(statistic).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom) + 1e-9);
    });
  });

  it('has a mean within half a bin of that of the 256 values', () => {
    tf.tidy(() => {
      const truth = exact(...parameters).reduce((sum, p, v) => sum + (p * v) / 255, 0);
      expect(Math.abs(read(mixture(...parameters).mean())[0]! - truth)).toBeLessThan(
        1 / 510 + 1e-6,
      );
    });
  });
});

describe('discretisedLogistic', () => {
  it.each([
    ['location', 1e6, 0],
    ['location', -1e6, -7],
    ['narrow', 0.3, -1000],
    ['wide', 0.3, 1000],
  ])('is finite with finite gradients for extreme parameters (%s %d %d)', (_, location, scale) => {
    tf.tidy(() => {
      const x = tf.tensor2d([0, 1 / 255, 0.5, 254 / 255, 1], [5, 1]);
      const start = tf.tensor3d([1e4, location, scale, -1e4, 0, 0], [1, 2, 3]);
      const f = (all: tf.Tensor): tf.Tensor => {
        const [logits, locations, logScales] = tf
          .split(all, 3, 2)
          .map((part) => tf.transpose(part, [0, 2, 1])) as [tf.Tensor, tf.Tensor, tf.Tensor];
        return discretisedLogistic(logits, locations, logScales).logProb(x);
      };
      const values = read(f(start));
      expect(values.every((value) => Number.isFinite(value) && value <= 0)).toBe(true);
      expect(read(inputGradient(f, start)).every(Number.isFinite)).toBe(true);
    });
  });

  it.each([-6, -3, 0, 2])(
    'has the gradients of its difference quotient at log scales of about %d',
    (scale) => {
      const x = tf.tidy(() => tf.div(tf.tensor2d([0, 3, 128, 200, 254, 255], [2, 3]), 255));
      expectGradient(
        (all) => {
          const [logits, locations, logScales] = tf.split(all, 3, 0) as [
            tf.Tensor,
            tf.Tensor,
            tf.Tensor,
          ];
          return discretisedLogistic(logits, locations, tf.add(logScales, scale)).logProb(x);
        },
        tf.mul(noise(4, [6, 3, 2]), 0.4),
        { h: scale < -4 ? 1e-4 : 1e-3, tolerance: 5e-3 },
      );
    },
  );

  it('refuses parameters or values that do not fit', () => {
    tf.tidy(() => {
      const a = tf.zeros([2, 3, 4]);
      expect(() => discretisedLogistic(a, a, tf.zeros([2, 3, 5]))).toThrow(ShapeError);
      expect(() => discretisedLogistic(a, a, a).logProb(tf.zeros([2, 4]))).toThrow(ShapeError);
    });
  });
});
