import * as tf from '@tensorflow/tfjs-core';
import { two, type Case } from './cases.js';
import type { Draw } from './differences.js';

export const arithmetic: Readonly<Record<string, Case>> = Object.fromEntries(
  (
    [
      ['same', [3, 4], [3, 4]],
      ['row', [3, 4], [4]],
      ['column', [3, 1], [3, 4]],
      ['scalar', [], [2, 3]],
      ['both', [2, 1, 3], [4, 1]],
    ] as const
  ).flatMap(([name, a, b]) => {
    const pair = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, how: Draw = 'positive') =>
      two(f, [...a], [...b], how);
    return [
      [`add, ${name}`, pair((x, y) => tf.square(tf.add(x, y)))],
      [`sub, ${name}`, pair((x, y) => tf.square(tf.sub(x, y)))],
      [`mul, ${name}`, pair(tf.mul)],
      [`div, ${name}`, pair(tf.div)],
      [`squaredDifference, ${name}`, pair(tf.squaredDifference)],
      [`maximum, ${name}`, pair((x, y) => tf.square(tf.maximum(x, tf.sub(y, 0.06))), 'distinct')],
      [`minimum, ${name}`, pair((x, y) => tf.square(tf.minimum(x, tf.sub(y, 0.06))), 'distinct')],
      [`pow, ${name}`, pair(tf.pow)],
      [`atan2, ${name}`, pair(tf.atan2)],
      [`mod, ${name}`, pair((x, y) => tf.square(tf.mod(x, tf.add(y, 3))))],
    ] as const;
  }),
);
