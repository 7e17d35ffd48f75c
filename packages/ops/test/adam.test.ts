import '@tensorflow/tfjs-backend-cpu';
import { fold, key, normal } from '@elbo/random';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  adamUpdate,
  adamUpdateKernel,
  OperationError,
  type AdamUpdateAttrs,
} from '../src/index.js';
import { valuesOf, write } from './kernels.js';

const shapes = [[3, 2], [4], []];
const options = { learningRate: 0.02, beta1: 0.9, beta2: 0.99, epsilon: 0.01, weightDecay: 0.1 };

const draw = (name: string, i: number): number[] =>
  Array.from(normal(fold(fold(key(2), name), i), tf.util.sizeFromShape(shapes[i]!)));

/** Algorithm 2 of Loshchilov & Hutter 2019 in double precision, as printed there. */
function reference(steps: number): number[][] {
  return shapes.map((_, i) => {
    const p = draw('param', i);
    const m = p.map(() => 0);
    const v = p.map(() => 0);
    for (let t = 1; t <= steps; t++) {
      const g = draw(`gradient ${t}`, i);
      for (let j = 0; j < p.length; j++) {
        m[j] = options.beta1 * m[j]! + (1 - options.beta1) * g[j]!;
        v[j] = options.beta2 * v[j]! + (1 - options.beta2) * g[j]! ** 2;
        const mHat = m[j]! / (1 - options.beta1 ** t);
        const vHat = v[j]! / (1 - options.beta2 ** t);
        const change = mHat / (Math.sqrt(vHat) + options.epsilon) + options.weightDecay * p[j]!;
        p[j] = p[j]! - options.learningRate * change;
      }
    }
    return p;
  });
}

function run(steps: number): number[][] {
  const tensors = (name: string): tf.Tensor[] =>
    shapes.map((shape, i) => tf.tensor(draw(name, i), shape));
  const zeros = (): tf.Tensor[] => shapes.map((shape) => tf.zeros(shape));
  let state = { params: tensors('param'), first: zeros(), second: zeros() };
  for (let step = 0; step < steps; step++) {
    const gradients = tensors(`gradient ${step + 1}`);
    const next = adamUpdate({ ...state, ...options, gradients, step });
    tf.dispose([state.params, gradients]);
    state = { params: [...next.params], first: [...next.first], second: [...next.second] };
  }
  const values = state.params.map((param) => Array.from(param.dataSync()));
  tf.dispose([state.params, state.first, state.second]);
  return values;
}

function check(): void {
  test('50 steps are those of the paper in double precision', () => {
    const before = tf.memory().numTensors;
    const values = run(50);
    reference(50).forEach((row, i) => {
      row.forEach((value, j) => {
        expect(Math.abs(values[i]![j]! - value)).toBeLessThan(1e-5);
      });
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  test('a scale is as gradients multiplied by it', () => {
    tf.tidy(() => {
      const given = (): Parameters<typeof adamUpdate>[0] => ({
        ...options,
        params: [tf.tensor1d([1, 2])],
        gradients: [tf.tensor1d([3, -4])],
        first: [tf.zeros([2])],
        second: [tf.zeros([2])],
        step: 0,
      });
      const scaled = adamUpdate({ ...given(), scale: tf.scalar(0.5) });
      const halved = adamUpdate({ ...given(), gradients: [tf.tensor1d([1.5, -2])] });
      expect(scaled.params[0]!.dataSync()).toEqual(halved.params[0]!.dataSync());
      expect(scaled.second[0]!.dataSync()).toEqual(halved.second[0]!.dataSync());
    });
  });

  test('parameters are fresh, and NaN reaches them', () => {
    tf.tidy(() => {
      const param = tf.tensor1d([1, 2]);
      const { params } = adamUpdate({
        ...options,
        params: [param],
        gradients: [tf.tensor1d([NaN, 0])],
        first: [tf.zeros([2])],
        second: [tf.zeros([2])],
        step: 0,
      });
      expect(Array.from(param.dataSync())).toEqual([1, 2]);
      const [first, second] = params[0]!.dataSync();
      expect(first).toBeNaN();
      expect(second).toBeCloseTo(2 * (1 - 0.002), 6);
    });
  });
}

describe.each(['cpu', 'wasm'])('composition on %s', (backend) => {
  beforeAll(async () => {
    setThreadsCount(1);
    await tf.setBackend(backend);
  });
  check();
});

describe('a kernel that writes moments in place', () => {
  let runs = 0;
  beforeAll(async () => {
    await tf.setBackend('cpu');
    tf.registerKernel({
      kernelName: adamUpdateKernel,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs, backend }) => {
        runs++;
        const { beta1, beta2, rate, epsilon, decay } = attrs as unknown as AdamUpdateAttrs;
        const { scale, ...listed } = inputs;
        const factor = scale ? valuesOf(backend, scale)[0]! : 1;
        const infos = Object.values(listed) as tf.TensorInfo[];
        const n = infos.length / 4;
        const fresh = infos.slice(0, n).map((param, i) => {
          const [p, g, m, v] = [0, 1, 2, 3].map((k) => valuesOf(backend, infos[k * n + i]!));
          const out = p!.map((value, j) => {
            const gradient = factor * g![j]!;
            m![j] = beta1 * m![j]! + (1 - beta1) * gradient;
            v![j] = beta2 * v![j]! + (1 - beta2) * gradient ** 2;
            return value - decay * value - (rate * m![j]) / (Math.sqrt(v![j]) + epsilon);
          });
          return write(backend, out, param.shape);
        });
        // Not the tensors given: those are disposed, and these live on.
        const moments = infos
          .slice(2 * n)
          .map(({ dataId, shape, dtype }) => ({ dataId, shape, dtype }));
        for (const { dataId } of moments) (backend as tf.KernelBackend).incRef(dataId);
        return [...fresh, ...moments];
      },
    });
  });
  afterAll(() => {
    tf.unregisterKernel(adamUpdateKernel, 'cpu');
    expect(runs).toBe(53);
  });
  check();
});

test('lists that do not run parallel are errors', () => {
  tf.tidy(() => {
    const x = [tf.zeros([2])];
    const given = { ...options, params: x, gradients: x, first: x, second: x, step: 0 };
    expect(() => adamUpdate({ ...given, gradients: [] })).toThrow(OperationError);
    expect(() => adamUpdate({ ...given, scale: tf.zeros([2]) as never })).toThrow('scalar');
    expect(() => adamUpdate({ ...given, second: [tf.zeros([3])] })).toThrow('second[0]');
  });
});
