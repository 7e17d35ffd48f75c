import '@tensorflow/tfjs-backend-cpu';
import { bernoulli, bits, key, normal, ofRows, uniform } from '@elbo/random';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  OperationError,
  randomBernoulli,
  randomBernoulliKernel,
  randomNormal,
  randomNormalKernel,
  randomUniform,
  randomUniformKernel,
} from '../src/index.js';
import { valuesOf, write } from './kernels.js';

const seed = key(11);

describe.each(['cpu', 'wasm'])('on %s', (backend) => {
  beforeAll(async () => {
    setThreadsCount(1);
    await tf.setBackend(backend);
  });

  test('noise has the bits of the host', () => {
    const draws = randomNormal<tf.Rank.R2>(seed, [3, 5]);
    expect(draws.shape).toEqual([3, 5]);
    expect(draws.dataSync()).toEqual(normal(seed, 15));
    expect(randomUniform(seed, [7]).dataSync()).toEqual(uniform(seed, 7));
  });

  test('Bernoulli draws have the bits of the host, of one probability or many', () => {
    const n = 20_000;
    // Probabilities next to the words themselves, so that the last bit decides.
    const words = bits(seed, n);
    const p = Float32Array.from(words, (word, i) => Math.max(0, word + (i % 3) - 1) * 2 ** -32);
    const draws = randomBernoulli(seed, tf.tensor1d(p), [n]);
    expect(draws.dtype).toBe('float32');
    expect(draws.dataSync()).toEqual(bernoulli(seed, p, n));
    const third = Math.fround(1 / 3);
    expect(randomBernoulli(seed, 1 / 3, [n]).dataSync()).toEqual(bernoulli(seed, third, n));
  });

  test('probabilities 0 and 1 are certain, and broadcast', () => {
    const draws = randomBernoulli<tf.Rank.R2>(seed, tf.tensor1d([0, 1]), [2, 2]);
    expect(Array.from(draws.dataSync())).toEqual([0, 1, 0, 1]);
  });

  test('a key of some rows draws their part of what the whole draws, sample by sample', () => {
    const [samples, of, width] = [3, 5, 7];
    const part = ofRows(seed, { first: 1, count: 2, of });
    const p = tf.tensor1d([0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9]);
    const draws: ((key: typeof seed, shape: [number, number]) => tf.Tensor)[] = [
      randomNormal<tf.Rank.R2>,
      randomUniform<tf.Rank.R2>,
      (key, shape) => randomBernoulli<tf.Rank.R2>(key, p, shape),
    ];
    for (const draw of draws) {
      const whole = draw(seed, [samples * of, width]).dataSync();
      const expected = [0, 1, 2].flatMap((sample) => [
        ...whole.subarray((sample * of + 1) * width, (sample * of + 3) * width),
      ]);
      const before = tf.memory().numTensors;
      const drawn = draw(part, [samples * 2, width]);
      expect(tf.memory().numTensors).toBe(before + 1);
      expect([...drawn.dataSync()]).toEqual(expected);
      expect(() => draw(part, [5, width])).toThrow(OperationError);
    }
  });

  test('only the draws are left', () => {
    const before = tf.memory().numTensors;
    tf.dispose([
      randomNormal(seed, [3]),
      randomUniform(seed, [3]),
      randomBernoulli(seed, 0.5, [3]),
    ]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('a number that is no probability is an error', () => {
  for (const p of [-0.1, 1.1, NaN]) {
    expect(() => randomBernoulli(seed, p, [2])).toThrow(OperationError);
  }
});

describe('kernels', () => {
  const registered: string[] = [];
  afterEach(() => {
    for (const name of registered.splice(0)) tf.unregisterKernel(name, 'cpu');
  });

  /** Registers a kernel that returns its words, then the sum of its inputs, in the shape asked for. */
  function register(kernelName: string): void {
    tf.registerKernel({
      kernelName,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs, backend }) => {
        const given = Object.values(inputs).flatMap((info) => [...valuesOf(backend, info!)]);
        return write(backend, [...(attrs!.words as number[]), ...given], attrs!.shape as number[]);
      },
    });
    registered.push(kernelName);
  }

  test('run when registered, and get the key, the shape and the probabilities', async () => {
    await tf.setBackend('cpu');
    const words = { words: [5, 6] } as const;
    register(randomNormalKernel);
    register(randomUniformKernel);
    register(randomBernoulliKernel);
    expect(Array.from(randomNormal(words, [2]).dataSync())).toEqual([5, 6]);
    expect(Array.from(randomUniform<tf.Rank.R2>(words, [1, 2]).dataSync())).toEqual([5, 6]);
    expect(Array.from(randomBernoulli(words, 0.5, [3]).dataSync())).toEqual([5, 6, 0.5]);
  });
});
