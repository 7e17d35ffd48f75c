import { gradientsOf } from '@elbo/gradients';
import { adamUpdate, dense, squaredNorm, type Activation } from '@elbo/ops';
import { key, normal } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { heldTensors, selectBackend } from '../src/index.js';
import { refusal } from './optional.js';

const reason = await refusal('node', "TensorFlow's own kernels are");

const draw = (seed: number, shape: [number, ...number[]]): tf.Tensor =>
  tf.tensor(normal(key(seed), tf.util.sizeFromShape(shape)), shape);

/** The numbers that a computation gives on a backend. */
async function on(backend: string, compute: () => tf.Tensor[]): Promise<number[][]> {
  await tf.setBackend(backend);
  const results = tf.tidy(compute);
  try {
    return results.map((result) => Array.from(result.dataSync()));
  } finally {
    tf.dispose(results);
  }
}

/** TensorFlow's kernel gives what the composition gives on the plain backend, to float32 rounding. */
async function expectSame(compute: () => tf.Tensor[]): Promise<void> {
  const [theirs, plain] = [await on('tensorflow', compute), await on('cpu', compute)];
  theirs.forEach((values, i) => {
    values.forEach((value, j) => {
      const exact = plain[i]![j]!;
      expect(Math.abs(value - exact)).toBeLessThan(1e-5 * Math.max(1, Math.abs(exact)));
    });
  });
}

describe.skipIf(reason !== undefined)('by TensorFlow', () => {
  beforeAll(async () => {
    await selectBackend({ backend: 'cpu' });
  });

  test.each([
    [0, undefined],
    [0.1, 0.5],
  ])('Adam with decay %s and scale %s is its formula', async (weightDecay, scale) => {
    await expectSame(() => {
      let params = [draw(1, [3, 4]), draw(2, [5])];
      let [first, second] = [params.map(tf.zerosLike), params.map(tf.zerosLike)];
      for (let step = 0; step < 5; step++)
        ({ params, first, second } = adamUpdate({
          params,
          gradients: [draw(10 + step, [3, 4]), draw(20 + step, [5])],
          first,
          second,
          scale: scale === undefined ? undefined : tf.scalar(scale),
          step,
          ...{ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay },
        }) as Record<'params' | 'first' | 'second', tf.Tensor[]>);
      return [...params, ...first, ...second];
    });
  });

  test('Adam writes moments in place, and nothing else; not a tensor of TensorFlow is lost', async () => {
    await tf.setBackend('tensorflow');
    // Computed: what was uploaded is a tensor of TensorFlow's only once it is used.
    const made = (seed: number): tf.Tensor => tf.tidy(() => tf.neg(draw(seed, [4])));
    const [param, gradient, moment] = [made(1), made(2), made(3)];
    const second = tf.square(moment);
    const shared = tf.clone(moment);
    const values = [param, gradient, shared].map((tensor) => Array.from(tensor.dataSync()));
    const before = heldTensors();
    const { params } = adamUpdate({
      ...{ params: [param], gradients: [gradient], first: [moment], second: [second], step: 0 },
      ...{ learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    });
    // One more for the new parameter, and one for the moment that was shared.
    expect(heldTensors()).toEqual({ tensors: before.tensors + 1, buffers: before.buffers + 2 });
    expect([param, gradient, shared].map((tensor) => Array.from(tensor.dataSync()))).toEqual(
      values,
    );
    tf.dispose([params[0]!, param, gradient, shared]);
  });

  test.each<Activation>([
    ...(['linear', 'relu', 'leakyRelu', 'elu', 'selu', 'gelu', 'silu'] as const),
    ...(['tanh', 'sigmoid', 'softplus'] as const),
  ])('a dense layer with %s, its gradients, and their norm', async (activation) => {
    await expectSame(() => {
      const trees = { x: draw(1, [6, 3]), kernel: draw(2, [3, 4]), bias: draw(3, [4]) };
      const layer = (): tf.Tensor =>
        dense(trees.x, trees.kernel as tf.Tensor2D, trees.bias as tf.Tensor1D, activation);
      const { loss } = gradientsOf(() => ({ loss: tf.sum<tf.Scalar>(tf.square(layer())) }), {
        loss: trees,
      });
      const gradients = Object.values(loss.gradients) as tf.Tensor[];
      return [layer(), ...gradients, squaredNorm(gradients)];
    });
  });
});
