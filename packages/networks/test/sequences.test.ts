import { ConfigError, createRegistry, networkCategory, tensorAt } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedding, gru, networkKinds } from '../src/index.js';
import { mode, noise, perturbed, read } from './support.js';

beforeAll(useWasm);

const values = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** One place of a GRU in float64, as PyTorch's documentation of torch.nn.GRU writes it. */
function reference(
  { w, b, u, c }: Readonly<Record<'w' | 'b' | 'u' | 'c', readonly number[]>>,
  x: readonly number[],
  h: readonly number[],
): number[] {
  const units = h.length;
  const sum = (
    kernel: readonly number[],
    bias: readonly number[],
    of: readonly number[],
    column: number,
  ): number =>
    of.reduce((total, value, i) => total + value * kernel[i * 3 * units + column]!, bias[column]!);
  return h.map((before, k) => {
    const at = (gate: number): number => gate * units + k;
    const r = sigmoid(sum(w, b, x, at(0)) + sum(u, c, h, at(0)));
    const z = sigmoid(sum(w, b, x, at(1)) + sum(u, c, h, at(1)));
    const n = Math.tanh(sum(w, b, x, at(2)) + r * sum(u, c, h, at(2)));
    return (1 - z) * n + z * before;
  });
}

describe('gru', () => {
  it.each([1, 7, 30])('has the states of a float64 GRU after each of %d places', (length) => {
    tf.tidy(() => {
      const network = gru({ units: 5, states: 'all' });
      const params = perturbed(network, [length, 3]);
      const x = noise(4, [2, length, 3]);
      const states = read(network.apply(params, mode, x));
      const xs = values(x);
      const weights = {
        w: values(tensorAt(params, 'input/kernel')),
        b: values(tensorAt(params, 'input/bias')),
        u: values(tensorAt(params, 'recurrent/kernel')),
        c: values(tensorAt(params, 'recurrent/bias')),
      };
      for (const row of [0, 1]) {
        let h = [0, 0, 0, 0, 0];
        for (let t = 0; t < length; t++) {
          const at = row * length + t;
          h = reference(weights, xs.slice(at * 3, at * 3 + 3), h);
          // A state is a mean of numbers in (−1, 1): float32 rounds each place to about 1e-7, and gates contract.
          h.forEach((value, k) => {
            expect(Math.abs(states[at * 5 + k]! - value)).toBeLessThan(2e-6);
          });
        }
      }
    });
  });

  it('gives, as the last state, the last of all', () => {
    tf.tidy(() => {
      const [last, all] = [gru({ units: 4 }), gru({ units: 4, states: 'all' })];
      const params = perturbed(last, [6, 3]);
      const x = noise(4, [2, 6, 3]);
      const every = tf.slice(all.apply(params, mode, x), [0, 5, 0], [2, 1, 4]);
      expect(read(last.apply(params, mode, x))).toEqual(read(every));
    });
  });

  it('does not see what comes later', () => {
    tf.tidy(() => {
      const network = gru({ units: 4, states: 'all' });
      const params = perturbed(network, [6, 3]);
      const x = noise(4, [2, 6, 3]);
      const changed = tf.concat([tf.slice(x, [0, 0, 0], [2, 4, 3]), noise(5, [2, 2, 3])], 1);
      const [before, after] = [x, changed].map((each) =>
        tf.unstack(network.apply(params, mode, each), 1).map(read),
      );
      expect(after!.slice(0, 4)).toEqual(before!.slice(0, 4));
      expect(after![4]).not.toEqual(before![4]);
    });
  });
});

describe('embedding', () => {
  it('gathers from whole numbers what it multiplies out of one-hot symbols, and so their gradients', () => {
    tf.tidy(() => {
      const [oneHot, whole] = [embedding({ units: 3 }), embedding({ units: 3, symbols: 4 })];
      const { params, output } = whole.init(key(1), [2]);
      expect(output).toEqual([2, 3]);
      const numbers = tf.tensor2d([0, 3, 3, 1], [2, 2], 'float32');
      const vectors = tf.cast(tf.oneHot(tf.cast(numbers, 'int32'), 4), 'float32');
      const weights = noise(3, [2, 2, 3]);
      const slopes = [
        { network: oneHot, x: vectors },
        { network: whole, x: numbers },
      ].map(({ network, x }) => {
        const { tree } = gradientsOf(
          () => ({ tree: tf.sum<tf.Scalar>(tf.mul(network.apply(params, mode, x), weights)) }),
          { tree: params },
        );
        expect(tree.unreached).toEqual([]);
        return {
          y: read(network.apply(params, mode, x)),
          slope: values(tensorAt(tree.gradients, 'kernel')),
        };
      });
      expect(slopes[1]!.y).toEqual(slopes[0]!.y);
      slopes[1]!.slope.forEach((value, i) => {
        expect(value).toBeCloseTo(slopes[0]!.slope[i]!, 6);
      });
      expect(slopes[1]!.slope.slice(6, 9)).toEqual([0, 0, 0]);
    });
  });

  it('begins with vectors of length about 1', () => {
    tf.tidy(() => {
      const { params } = embedding({ units: 50, symbols: 200 }).init(key(1), []);
      const squares = read(tf.sum(tf.square(tensorAt(params, 'kernel')), 1));
      // The squared length is χ²₅₀/50, so the mean of 200 has the standard deviation √(2/50/200) = 0.014.
      const mean = squares.reduce((a, b) => a + b) / 200;
      expect(Math.abs(mean - 1)).toBeLessThan(4 * 0.0142);
    });
  });
});

it.each([
  ['gru', { kind: 'gru', units: 0 }, /gru: 'units' must be a whole number/],
  ['gru', { kind: 'gru', units: 2, states: 'first' }, /option 'states'/],
  ['embedding', { kind: 'embedding', units: 2, symbols: 1.5 }, /embedding: 'symbols'/],
])('%s refuses the config %j', (_, config, message) => {
  const build = (): unknown => createRegistry(...networkKinds).build(networkCategory, config);
  expect(build).toThrow(ConfigError);
  expect(build).toThrow(message);
});
