import { ConfigError, leaves, ShapeError, tensorAt, unflatten, type Params } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import { key } from '@elbo/random';
import { onBackends } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { sequenceDecoder, type SequenceDecoderOptions } from '../src/index.js';
import { mode, noise, sum, values } from './support.js';

const length = 4;
const symbols = 3;
const end = 1;
const shape = [length, symbols];
const options: SequenceDecoderOptions = { shape, units: 5, end };

/** Fresh parameters of a decoder for two latents, moved off what they begin with. */
function moved(decoder = sequenceDecoder(options)): Params {
  const params = decoder.init(key(3), 2, shape);
  return unflatten(
    params,
    leaves(params).map((leaf, i) => tf.add(leaf, tf.mul(noise(100 + i, leaf.shape), 0.7))),
  );
}

/** Every sequence that has a probability: those that end, padded with the end symbol, and those that fill all places. */
function everySequence(open: readonly number[] = []): number[][] {
  if (open.length === length) return [[...open]];
  const padded = [...open, ...new Array<number>(length - open.length).fill(end)];
  const on = [0, 2].flatMap((symbol) => everySequence([...open, symbol]));
  return [padded, ...on];
}

const oneHot = (sequences: readonly (readonly number[])[]): tf.Tensor3D =>
  tf.cast<tf.Tensor3D>(
    tf.oneHot(tf.tensor2d(sequences as number[][], undefined, 'int32'), symbols) as tf.Tensor3D,
    'float32',
  );

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** log p(x|z) in float64, by the chain rule and a GRU written out. */
function chainRule(params: Params, z: readonly number[], sequence: readonly number[]): number {
  const layer = (path: string, x: readonly number[]): number[] => {
    const [kernel, bias] = ['kernel', 'bias'].map((name) =>
      values(tensorAt(params, `${path}/${name}`)),
    ) as [number[], number[]];
    return bias.map((b, j) => b + sum(x.map((value, i) => value * kernel[i * bias.length + j]!)));
  };
  let h = layer('start', z).map(Math.tanh);
  const fromZ = layer('gates', z);
  let before = new Array<number>(symbols).fill(0);
  let total = 0;
  for (const symbol of sequence) {
    const a = layer('cell/input', before).map((value, i) => value + fromZ[i]!);
    const b = layer('cell/recurrent', h);
    const units = h.length;
    h = h.map((old, k) => {
      const r = sigmoid(a[k]! + b[k]!);
      const u = sigmoid(a[units + k]! + b[units + k]!);
      const n = Math.tanh(a[2 * units + k]! + r * b[2 * units + k]!);
      return (1 - u) * n + u * old;
    });
    const logits = layer('head', h);
    total += logits[symbol]! - Math.log(sum(logits.map(Math.exp)));
    if (symbol === end) break;
    before = before.map((_, i) => Number(i === symbol));
  }
  return total;
}

onBackends('sequenceDecoder', () => {
  const decoder = sequenceDecoder(options);
  const z = (): tf.Tensor2D => noise(1, [1, 2]);

  it('gives all sequences together the probability 1', () => {
    tf.tidy(() => {
      const every = everySequence();
      // 2⁰ + 2¹ + 2² + 2³ that end and 2⁴ that do not.
      expect(every.length).toBe(31);
      const p = decoder.likelihood(moved(), mode, z(), undefined);
      expect(sum(values(p.logProb(oneHot(every))).map(Math.exp))).toBeCloseTo(1, 5);
    });
  });

  it('has the log probability of the chain rule, whatever comes after the end', () => {
    tf.tidy(() => {
      const params = moved();
      const latents = noise<tf.Rank.R2>(1, [2, 2]);
      const p = decoder.likelihood(params, mode, latents, undefined);
      const x = p.sample(key(9), 20);
      const drawn = values(tf.argMax(x, 2));
      const rows = values(latents);
      const exact = Array.from({ length: 40 }, (_, i) =>
        chainRule(
          params,
          rows.slice(2 * (i % 2), 2 * (i % 2) + 2),
          drawn.slice(i * length, (i + 1) * length),
        ),
      );
      values(p.logProb(x)).forEach((value, i) => {
        expect(Math.abs(value - exact[i]!)).toBeLessThan(1e-5);
      });
      const [padded, junk] = [
        [0, end, end, end],
        [0, end, 2, 0],
      ].map((sequence) => values(p.logProb(oneHot([sequence, sequence]))));
      expect(junk).toEqual(padded);
    });
  });

  it('draws every sequence as often as its probability says, by χ², and pads with the end', () => {
    tf.tidy(() => {
      const n = 4000;
      const p = decoder.likelihood(moved(), mode, z(), undefined);
      const drawn = values(tf.argMax(p.sample(key(4), n), 2));
      const counts = new Map<string, number>();
      for (let i = 0; i < n; i++) {
        const sequence = drawn.slice(i * length, (i + 1) * length).join('');
        counts.set(sequence, (counts.get(sequence) ?? 0) + 1);
      }
      const every = everySequence();
      const expected = values(p.logProb(oneHot(every))).map((value) => n * Math.exp(value));
      const seen = every.map((sequence) => counts.get(sequence.join('')) ?? 0);
      expect(sum(seen)).toBe(n);
      // Those of which fewer than five are expected share a cell.
      const rare = expected.map((e) => e < 5);
      const pool = (of: readonly number[]): number => sum(of.filter((_, i) => rare[i]));
      const cells = expected.flatMap((e, i) => (rare[i] ? [] : [[seen[i]!, e] as const]));
      if (rare.includes(true)) cells.push([pool(seen), pool(expected)]);
      const statistic = sum(cells.map(([s, e]) => (s - e) ** 2 / e));
      const freedom = cells.length - 1;
      // χ² has the mean m and the variance 2m: five standard deviations.
      expect(statistic).toBeLessThan(freedom + 5 * Math.sqrt(2 * freedom));
    });
  });

  it('shows, as its mean, the probabilities along the greedy decoding', () => {
    tf.tidy(() => {
      const p = decoder.likelihood(moved(), mode, noise(2, [6, 2]), undefined);
      const mean = p.mean();
      const greedy = tf.argMax(mean, 2);
      const best = values(tf.max(mean, 2));
      const chosen = values(greedy);
      const logProbs = values(
        p.logProb(tf.cast(tf.oneHot(greedy as tf.Tensor2D, symbols), 'float32')),
      );
      logProbs.forEach((value, row) => {
        // After the end the probability of the end is 1, whose logarithm adds nothing.
        const places = best.slice(row * length, (row + 1) * length);
        expect(value).toBeCloseTo(sum(places.map(Math.log)), 4);
        const ended = chosen.slice(row * length, (row + 1) * length).indexOf(end);
        if (ended >= 0) expect(places.slice(ended + 1).every((q) => q === 1)).toBe(true);
      });
    });
  });

  it('has the gradients of its difference quotient in all parameters and z', () => {
    tf.tidy(() => {
      const whole = sequenceDecoder({
        ...options,
        network: mlp({ hidden: [4], activation: 'tanh' }),
      });
      const x = oneHot([
        [0, 2, end, end],
        [2, 2, 0, 2],
      ]);
      const tree: Params = { decoder: moved(whole), z: noise(1, [2, 2]) };
      const directions = leaves(tree).map((leaf, i) => noise(200 + i, leaf.shape));
      const loss = (at: Params): tf.Scalar =>
        tf.sum(
          whole.likelihood(at.decoder as Params, mode, at.z as tf.Tensor2D, undefined).logProb(x),
        );
      const at = (t: number): number =>
        values(
          loss(
            unflatten(
              tree,
              leaves(tree).map((leaf, i) => tf.add(leaf, tf.mul(directions[i]!, t))),
            ),
          ),
        )[0]!;
      const { gradients, unreached } = gradientsOf(() => ({ tree: loss(tree) }), { tree }).tree;
      expect(unreached).toEqual([]);
      const slope = sum(
        leaves(gradients).map((g, i) => values(tf.sum(tf.mul(g, directions[i]!)))[0]!),
      );
      const quotient = (at(2e-3) - at(-2e-3)) / 4e-3;
      expect(Math.abs(slope - quotient)).toBeLessThan(5e-3 * Math.max(1, Math.abs(quotient)));
    });
  });

  it('hides symbols in training only, and never when it draws', () => {
    tf.tidy(() => {
      const params = moved();
      const dropping = sequenceDecoder({ ...options, wordDropout: 0.5 });
      const x = oneHot([[0, 2, 0, 2]]);
      const [whole, trained, used] = [
        decoder.likelihood(params, mode, z(), undefined),
        dropping.likelihood(params, mode, z(), undefined),
        dropping.likelihood(params, { ...mode, training: false }, z(), undefined),
      ].map((p) => ({ logProb: values(p.logProb(x)), drawn: values(p.sample(key(1), 9)) }));
      expect(used).toEqual(whole);
      expect(trained!.logProb).not.toEqual(whole!.logProb);
      expect(trained!.drawn).toEqual(whole!.drawn);
    });
  });
});

describe('sequenceDecoder', () => {
  it.each([
    [{ shape: [4, 3, 1] }, ShapeError, /takes sequences/],
    [{ units: 0 }, ConfigError, /'units'/],
    [{ end: 3 }, ConfigError, /'end' must be one of the 3 symbols, not 3/],
    [{ wordDropout: 1 }, ConfigError, /'wordDropout' is a share/],
  ])('refuses %j', (wrong, error, message) => {
    const make = (): unknown => sequenceDecoder({ ...options, ...wrong });
    expect(make).toThrow(error);
    expect(make).toThrow(message);
  });
});
