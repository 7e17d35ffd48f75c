import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';
import { floats } from './windows.js';

beforeAll(accelerated);

it.each([[[]], [[5]], [[4, 1]], [[3, 1, 1]], [[3, 4, 5]], [[1, 4, 1]], [[3, 1, 5]]])(
  'prelu multiplies what is negative by slopes that broadcast from [%s]',
  async (shape) => {
    const x = waves([2, 3, 4, 5]);
    const slopes = waves(shape, 1);
    const every = await floats(tf.broadcastTo(slopes, x.shape));
    poisonHeap();
    const y = tf.prelu(x, slopes);
    expect(y.shape).toEqual(x.shape);
    expect(Array.from(await floats(y))).toEqual(
      Array.from(await floats(x), (value, i) =>
        value < 0 ? Math.fround(value * every[i]!) : value,
      ),
    );
  },
);

it('NaN survives prelu', async () => {
  const x = tf.tensor2d([NaN, -1], [2, 1]);
  expect(Array.from(await floats(tf.prelu(x, tf.tensor2d([2, 3], [2, 1]))))).toEqual([NaN, -3]);
});
