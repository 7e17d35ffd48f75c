import { adamUpdate, type AdamUpdate } from '@elbo/ops';
import { fold, key, normal } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap } from './wasm.js';

beforeAll(accelerated);

const { fround } = Math;
const options = { learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 1e-3, weightDecay: 0.1 };
const shapes = [[3, 7], [4], [], [1031], [0]];
const draw = (name: string, i: number): Float32Array =>
  normal(fold(fold(key(2), name), i), tf.util.sizeFromShape(shapes[i]!));
const tensors = (name: string): tf.Tensor[] =>
  shapes.map((shape, i) => tf.tensor(draw(name, i), shape));
const zeros = (): tf.Tensor[] => shapes.map((shape) => tf.zeros(shape));

type State = Pick<AdamUpdate, 'params' | 'first' | 'second'>;

const start = (): State => ({ params: tensors('param'), first: zeros(), second: zeros() });

/** The formula at `adamUpdateKernel`, each operation rounded to float32, for tensor i. */
function rounded(i: number, steps: number, scale = 1): Record<'p' | 'm' | 'v', Float32Array> {
  const { learningRate, weightDecay } = options;
  const [beta1, beta2] = [fround(options.beta1), fround(options.beta2)];
  const [rest1, rest2] = [fround(1 - options.beta1), fround(1 - options.beta2)];
  const kept = fround(1 - learningRate * weightDecay);
  const p = draw('param', i);
  const [m, v] = [new Float32Array(p.length), new Float32Array(p.length)];
  for (let t = 1; t <= steps; t++) {
    const root = Math.sqrt(1 - options.beta2 ** t);
    const rate = fround((learningRate * root) / (1 - options.beta1 ** t));
    const epsilon = fround(options.epsilon * root);
    draw(`gradient ${t}`, i).forEach((gradient, j) => {
      const g = fround(gradient * scale);
      m[j] = fround(m[j]! * beta1) + fround(g * rest1);
      v[j] = fround(v[j]! * beta2) + fround(fround(g * g) * rest2);
      const change = fround(m[j] / fround(fround(Math.sqrt(v[j])) + epsilon));
      p[j] = fround(p[j]! * kept) - fround(rate * change);
    });
  }
  return { p, m, v };
}

function step(state: State, step: number, scale?: tf.Scalar): State {
  const gradients = tensors(`gradient ${step + 1}`);
  const next = adamUpdate({ ...state, ...options, gradients, step, scale });
  tf.dispose([state.params as tf.Tensor[], gradients]);
  return next;
}

const freed = ({ params, first, second }: State): void => {
  tf.dispose([...params, ...first, ...second]);
};

it.each([undefined, 0.25])(
  'steps are those of a loop in float32, bit by bit, at scale %s',
  async (scale) => {
    const factor = scale === undefined ? undefined : tf.scalar(scale);
    let state = start();
    for (let t = 0; t < 7; t++) {
      poisonHeap(4096);
      state = step(state, t, factor);
    }
    for (const i of shapes.keys()) {
      const { p, m, v } = rounded(i, 7, scale);
      expect(await state.params[i]!.data()).toEqual(p);
      expect(await state.first[i]!.data()).toEqual(m);
      expect(await state.second[i]!.data()).toEqual(v);
    }
    freed(state);
  },
);

it('parameters are new data, moments are the same, and nothing is left behind', () => {
  const before = tf.memory().numTensors;
  const dataBefore = tf.backend().numDataIds();
  const state = start();
  const ids = (list: readonly tf.Tensor[]): object[] => list.map(({ dataId }) => dataId);
  const [params, first, second] = [ids(state.params), ids(state.first), ids(state.second)];
  const next = step(state, 0);
  for (const { dataId } of next.params) expect(params).not.toContain(dataId);
  expect(ids(next.first)).toEqual(first);
  expect(ids(next.second)).toEqual(second);
  freed(next);
  expect(tf.memory().numTensors).toBe(before);
  expect(tf.backend().numDataIds()).toBe(dataBefore);
});

it('a copy of the moments does not change under its holder', async () => {
  const state = step(start(), 0);
  const copies = state.first.map((moment) => tf.clone(moment));
  const before = await copies[0]!.data();
  const next = step(state, 1);
  expect(await copies[0]!.data()).toEqual(before);
  expect(await next.first[0]!.data()).toEqual(rounded(0, 2).m);
  freed(next);
  tf.dispose(copies);
});

it('NaN in a gradient or the scale reaches the parameters', async () => {
  const one = { ...options, first: [tf.zeros([2])], second: [tf.zeros([2])], step: 0 };
  const params = [tf.tensor1d([1, 2])];
  const next = adamUpdate({ ...one, params, gradients: [tf.tensor1d([NaN, 0])] });
  const values = await next.params[0]!.data();
  expect(values[0]).toBeNaN();
  expect(values[1]).toBeCloseTo(2 * (1 - 0.002), 6);
  const moments = { first: [tf.zeros([2])], second: [tf.zeros([2])] };
  const scaled = adamUpdate({
    ...one,
    ...moments,
    params,
    gradients: [tf.zeros([2])],
    scale: tf.scalar(NaN),
  });
  expect(Array.from(await scaled.params[0]!.data())).toEqual([NaN, NaN]);
});
