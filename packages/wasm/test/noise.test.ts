import { setFlagsFromString } from 'node:v8';
import { randomBernoulli, randomNormal, randomUniform } from '@elbo/ops';
import { bernoulli, bits, fold, key, normal, uniform } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bestInstructions, loadSideModule } from '../src/side_module.js';
import { accelerated, poisonHeap } from './wasm.js';

// Node 20 has relaxed SIMD behind a flag, which holds for modules compiled after it is set.
if (bestInstructions() !== 'relaxed-simd') setFlagsFromString('--experimental-wasm-relaxed-simd');
const relaxed = bestInstructions() === 'relaxed-simd';
if (!relaxed) console.warn('This engine has no relaxed SIMD: its noise is NOT tested.');

beforeAll(accelerated);

const seed = fold(key(11), 'noise');
const sizes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 127, 1000, 4099];

/** The words of floats: NaN, −0 and 0 differ by them, too. */
const words = (values: ArrayLike<number>): Uint32Array =>
  new Uint32Array(Float32Array.from(values).buffer);

it.each(sizes)('%i draws have the bits of the host', async (n) => {
  poisonHeap();
  const draws = [
    randomNormal(seed, [n]),
    randomUniform(seed, [n]),
    randomBernoulli(seed, 0.3, [n]),
  ];
  const [normals, uniforms, bernoullis] = await Promise.all(draws.map((draw) => draw.data()));
  expect(words(normals!)).toEqual(words(normal(seed, n)));
  expect(words(uniforms!)).toEqual(words(uniform(seed, n)));
  expect(words(bernoullis!)).toEqual(words(bernoulli(seed, Math.fround(0.3), n)));
  tf.dispose(draws);
});

it('a million draws, and many keys, have the bits of the host', async () => {
  const n = 1_000_003;
  const draws = randomNormal(seed, [n]);
  const drawn = words(await draws.data());
  const right = words(normal(seed, n));
  expect(right.findIndex((word, i) => word !== drawn[i])).toBe(-1);
  for (let i = 0; i < 50; i++) {
    const one = fold(seed, i);
    const some = randomNormal(one, [3, 7]);
    expect(words(await some.data())).toEqual(words(normal(one, 21)));
    some.dispose();
  }
});

it('Bernoulli draws have the bits of the host where the last bit of a probability decides', async () => {
  const n = 20_001;
  // Probabilities next to the words themselves; half a word's step survives rounding below 2⁻⁹.
  const p = Float32Array.from(
    bits(seed, n),
    (word, i) => Math.max(0, word + (i % 5) / 2 - 1) * 2 ** -32,
  );
  const draws = randomBernoulli(seed, tf.tensor1d(p), [n]);
  expect(words(await draws.data())).toEqual(words(bernoulli(seed, p, n)));
});

it.each([[[]], [[1]], [[5]], [[1, 5]], [[4, 1]], [[3, 1, 5]], [[3, 4, 5]], [[3, 1, 1]]])(
  'probabilities of shape [%s] broadcast',
  async (shape: number[]) => {
    const p = tf.tensor(uniform(fold(seed, 'p'), tf.util.sizeFromShape(shape)), shape);
    const before = tf.backend().numDataIds();
    poisonHeap();
    const draws = randomBernoulli(seed, p, [3, 4, 5]);
    expect(tf.backend().numDataIds()).toBe(before + 1);
    const each = await tf.add(p, tf.zeros([3, 4, 5])).data();
    expect(words(await draws.data())).toEqual(words(bernoulli(seed, each, 60)));
  },
);

it('probabilities 0, 1 and beyond are certain, and NaN stays', async () => {
  const p = tf.tensor1d([0, 1, -1, 2, Infinity, -Infinity, NaN]);
  const rows = 500;
  const draws = await randomBernoulli(seed, p, [rows, 7]).data();
  const row = [0, 1, 0, 1, 1, 0, NaN];
  expect(Array.from(draws)).toEqual(Array.from({ length: rows }, () => row).flat());
});

describe.each([
  ['simd', false],
  ['simd', true],
  ['relaxed-simd', false],
  ['relaxed-simd', true],
] as const)('the side module with %s, in shared memory: %s', (instructions, shared) => {
  it.runIf(relaxed || instructions === 'simd')('draws the bits of the host', async () => {
    const n = 10_007;
    // A shared module demands the most that its memory may ever be.
    const memory = new WebAssembly.Memory({ initial: 4, maximum: 65536, shared });
    const { side } = await loadSideModule(memory, instructions);
    const [k0, k1] = seed.words;
    const [to, scratch, probability] = [1024, 64, 128];
    new Float32Array(memory.buffer)[probability / 4] = 0.3;
    const written = (): Uint32Array => new Uint32Array(memory.buffer, to, n + 1).slice();
    const followedBy = (values: Float32Array, next: number): Uint32Array =>
      Uint32Array.of(...words(values), next);
    side.randomNormal(k0, k1, to, n, scratch, 0);
    // And nothing beyond them is written.
    expect(written()).toEqual(followedBy(normal(seed, n), 0));
    side.randomUniform(k0, k1, to, n, scratch, 0);
    expect(written()).toEqual(followedBy(uniform(seed, n), 0));
    side.randomBernoulli(k0, k1, probability, 1, to, n, scratch, 0);
    expect(written()).toEqual(followedBy(bernoulli(seed, Math.fround(0.3), n), 0));
  });
});
