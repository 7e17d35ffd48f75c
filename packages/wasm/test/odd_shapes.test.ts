// Derivatives of the operations that networks and objectives are made of, in shapes of all sorts.
import {
  bceWithLogits,
  dense,
  gaussianKl,
  layerNorm,
  logSumExp,
  normalLogProb,
  reparameterize,
  squaredNorm,
  standardNormalLogProb,
} from '@elbo/ops';
import { checkDerivatives } from '@elbo/testing/derivatives';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { accelerated, poisonHeap } from './wasm.js';

beforeAll(accelerated);

type Draw = 'apart' | 'positive' | 'inner' | 'distinct';
type Argument = readonly [shape: number[], how: Draw];
/** A function of tensors, and its arguments. */
interface Case {
  readonly f: (...xs: tf.Tensor[]) => tf.Tensor;
  readonly args: readonly Argument[];
  readonly order?: 1 | 2;
}

// Around the widths of vectors and tiles.
const extent = fc.constantFrom(1, 2, 3, 4, 5, 7, 8, 9, 13);
const few = fc.integer({ min: 1, max: 5 });
const four = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;

const cases: Readonly<Record<string, fc.Arbitrary<Case>>> = {
  matMul: fc
    .record({ m: extent, k: extent, n: extent, ta: fc.boolean(), tb: fc.boolean() })
    .map(({ m, k, n, ta, tb }) => ({
      f: (a, b) => tf.matMul(a, b, ta, tb),
      args: [
        [ta ? [k, m] : [m, k], 'apart'],
        [tb ? [n, k] : [k, n], 'apart'],
      ],
    })),
  dense: fc
    .record({
      rows: extent,
      inputs: extent,
      units: extent,
      // Those without a kink, which a difference quotient might straddle; the others are in tools/derivatives.
      activation: fc.constantFrom('linear', 'gelu', 'silu', 'tanh', 'sigmoid', 'softplus'),
    })
    .map(({ rows, inputs, units, activation }) => ({
      f: (x, kernel, bias) => dense(x, kernel as tf.Tensor2D, bias as tf.Tensor1D, activation),
      args: [
        [[rows, inputs], 'inner'],
        [[inputs, units], 'inner'],
        [[units], 'inner'],
      ],
    })),
  'broadcast sums and products': fc.record({ a: extent, b: extent, c: few }).map(({ a, b, c }) => ({
    f: (x, y) => tf.mul(tf.add(x, y), tf.sub(x, tf.square(y))),
    args: [
      [[c, a, b], 'apart'],
      [[a, 1], 'apart'],
    ],
  })),
  'sums and means along an axis': fc
    .record({ shape: fc.tuple(few, extent, few), axis: fc.integer({ min: 0, max: 2 }) })
    .map(({ shape, axis }) => ({
      f: (x) => tf.square(tf.add(tf.sum(tf.square(x), axis), tf.mean(x, axis))),
      args: [[shape, 'apart']],
    })),
  'rows by number': fc
    .record({ rows: extent, width: extent, n: extent })
    .map(({ rows, width, n }) => ({
      f: (x) => {
        const ids = Array.from({ length: n }, (_, i) => (i * 5) % rows);
        return tf.square(tf.gather(x, tf.tensor1d(ids, 'int32')));
      },
      args: [[[rows, width], 'apart']],
    })),
  'parts side by side': fc.record({ rows: few, a: extent, b: extent }).map(({ rows, a, b }) => ({
    f: (x, y) => tf.square(tf.slice(tf.concat([x, y], 1), [0, 1], [rows, a + b - 1])),
    args: [
      [[rows, a], 'apart'],
      [[rows, b], 'apart'],
    ],
  })),
  conv2d: fc
    .record({
      b: few,
      h: extent,
      w: extent,
      c: few,
      k: few,
      size: fc.constantFrom(1, 2, 3),
      stride: fc.constantFrom(1, 2),
    })
    .map(({ b, h, w, c, k, size, stride }) => ({
      f: (x, filter) => tf.conv2d(four(x), four(filter), stride, 'same'),
      args: [
        [[b, h, w, c], 'apart'],
        [[size, size, c, k], 'apart'],
      ],
    })),
  conv2dTranspose: fc
    .record({ b: few, h: few, w: few, c: few, k: few, size: fc.constantFrom(2, 3, 4) })
    .map(({ b, h, w, c, k, size }) => ({
      f: (x, filter) => tf.conv2dTranspose(four(x), four(filter), [b, 2 * h, 2 * w, c], 2, 'same'),
      args: [
        [[b, h, w, k], 'apart'],
        [[size, size, c, k], 'apart'],
      ],
    })),
  pools: fc
    .record({ b: few, h: extent, w: extent, c: few, size: fc.constantFrom(2, 3) })
    .map(({ b, h, w, c, size }) => ({
      f: (x) => {
        const images = four(x);
        return tf.add(
          tf.maxPool(images, size, 2, 'same'),
          tf.square(tf.avgPool(images, size, 2, 'same')),
        );
      },
      args: [[[b, h, w, c], 'distinct']],
      // The distance of ties shrinks with the number of elements; a quotient reaches further than one step.
      order: 1,
    })),
  layerNorm: fc.record({ rows: extent, n: fc.constantFrom(3, 4, 5, 9) }).map(({ rows, n }) => ({
    f: (x, gain, bias) => layerNorm(x, gain as tf.Tensor1D, bias as tf.Tensor1D, 0.1),
    args: [
      [[rows, n], 'apart'],
      [[n], 'apart'],
      [[n], 'apart'],
    ],
  })),
  logSumExp: fc
    .record({ a: extent, b: extent, axis: fc.constantFrom(0, 1) })
    .map(({ a, b, axis }) => ({
      f: (x) => logSumExp(x, axis),
      args: [[[a, b], 'apart']],
    })),
  likelihoods: fc.record({ rows: extent, n: extent }).map(({ rows, n }) => ({
    f: (x, mean, logVar) =>
      tf.add(
        tf.add(bceWithLogits(x, tf.sigmoid(mean)), gaussianKl(mean, logVar)),
        tf.add(normalLogProb(x, mean, logVar), standardNormalLogProb(x)),
      ),
    args: [
      [[rows, n], 'inner'],
      [[rows, n], 'inner'],
      [[rows, n], 'inner'],
    ],
  })),
  'samples and norms': fc.record({ rows: extent, n: extent }).map(({ rows, n }) => ({
    f: (mean, logVar, noise) => squaredNorm([reparameterize(mean, logVar, noise), mean]),
    args: [
      [[rows, n], 'inner'],
      [[rows, n], 'inner'],
      [[rows, n], 'inner'],
    ],
  })),
};

describe('on a heap of NaN, first and second derivatives equal difference quotients', () => {
  it.each(Object.entries(cases))('%s', (_, shapes) => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 1000 }), ({ f, args, order = 2 }, seed) => {
        poisonHeap(1 << 12);
        checkDerivatives((xs) => f(...xs), args, { order, seed });
      }),
      { numRuns: 25, seed: 2 },
    );
  });
});
