import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test } from 'vitest';
import { refusal } from './optional.js';

const reason = await refusal('webgpu', 'What Elbo mends of WebGPU is');

const shape: [number, number, number] = [3, 5, 7];
const integers = Array.from({ length: 3 * 5 * 7 }, (_, i) => ((i * 331) % 1009) - 500);

const truths = integers.map((value) => Number(value > 0));

/** Made on the device: what was uploaded only is still this program's. With the numbers that they hold. */
const made = {
  int32: () => tf.add(tf.tensor(integers, shape, 'int32'), tf.zeros(shape, 'int32')),
  bool: () => tf.greater(tf.tensor(integers, shape), 0),
  'float32 cast from bool': () => tf.cast(made.bool(), 'float32'),
  float32: () => tf.add(tf.tensor(truths, shape), tf.zeros(shape)),
};

describe.skipIf(reason !== undefined)('on WebGPU', () => {
  if (reason === undefined) {
    // Else small tensors are computed by this program.
    tf.env().set('WEBGPU_CPU_FORWARD', false);
    // It must stay alive for as long as Dawn computes, and lets go of the process then.
    afterAll(() => {
      tf.removeBackend('webgpu');
    });
  }

  test.each(Object.entries(made))('a tensor of %s is transposed', async (dtype, make) => {
    const x = make();
    const transposed = tf.transpose(x, [2, 0, 1]);
    expect(transposed.dtype).toBe(x.dtype);
    const values = Array.from(await transposed.data());
    const exact = dtype === 'int32' ? integers : truths;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 5; j++)
        for (let k = 0; k < 7; k++)
          expect(values[(k * 3 + i) * 5 + j]).toBe(exact[(i * 5 + j) * 7 + k]);
    tf.dispose([x, transposed]);
  });

  test('truth values are counted along an inner axis', async () => {
    const x = made.bool();
    const counted = tf.sum(x, 1);
    const at = (i: number, j: number, k: number): number => truths[(i * 5 + j) * 7 + k]!;
    const exact = Array.from({ length: 21 }, (_, place) =>
      [0, 1, 2, 3, 4].reduce((sum, j) => sum + at(Math.floor(place / 7), j, place % 7), 0),
    );
    expect(Array.from(await counted.data())).toEqual(exact);
    tf.dispose([x, counted]);
  });

  test('more tensors are added than a program can bind', async () => {
    const terms = Array.from({ length: 30 }, (_, i) => tf.add(tf.ones([4]), i));
    const sum = tf.addN(terms);
    expect(Array.from(await sum.data())).toEqual(new Array<number>(4).fill((30 * 31) / 2));
    tf.dispose([...terms, sum]);
  });
});
