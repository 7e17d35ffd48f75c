import { gradientsOf } from '@elbo/gradients';
import { adamUpdate, dense, registerSteps, squaredNorm, steps, type Steps } from '@elbo/ops';
import { key, normal } from '@elbo/random';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { heldTensors, selectBackend } from '../src/index.js';
import { optional, refusal } from './optional.js';

const reason = await refusal('node', 'Steps as programs are');

const draw = (seed: number, shape: [number, number]): tf.Tensor2D =>
  tf.tensor2d(normal(key(seed), shape[0] * shape[1]), shape);

/** Runs steps of one tensor, each from the one before, and gives the last one's numbers. */
async function walk(
  runner: Steps,
  count: number,
  step: (x: tf.Tensor2D, i: number) => tf.Tensor2D,
): Promise<number[]> {
  // Computed: what was uploaded is a tensor of TensorFlow's only once it is used.
  let x = tf.tidy(() => tf.neg(draw(1, [3, 4])));
  for (let i = 0; i < count; i++)
    x = await runner.run(async () => {
      const before = x;
      const next = tf.tidy(() => step(before, i));
      // As between the moves of two players.
      await Promise.resolve();
      before.dispose();
      return next;
    });
  const values = Array.from(await x.data());
  x.dispose();
  return values;
}

/** With numbers and data of its own at each step, and an axis and shapes that stay. */
const usual = (x: tf.Tensor2D, i: number): tf.Tensor2D => {
  const shift = tf.tile(tf.tensor2d([0.01 * i], [1, 1]), [3, 4]);
  const noise = tf.add(shift, tf.mul(draw(10 + i, [3, 4]), 0.1 * (i + 1)));
  const norm = tf.expandDims(tf.sqrt(tf.sum(tf.square(x), 1)), 1);
  return tf.reshape(tf.reshape(tf.add(tf.div(x, norm), noise), [12]), [3, 4]);
};

describe.skipIf(reason !== undefined)('steps as programs of TensorFlow', () => {
  const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  let runner: Steps;
  let before: ReturnType<typeof heldTensors>;

  beforeEach(async () => {
    await selectBackend({ backend: 'cpu' });
    await selectBackend(optional('node'));
    said.mockClear();
    before = heldTensors();
    runner = steps();
    expect(runner.defers).toBe(true);
  });
  afterEach(() => {
    runner.dispose();
    expect(heldTensors()).toEqual(before);
  });

  /** What the same steps give operation by operation: other roundings only. */
  async function expectSame(step: (x: tf.Tensor2D, i: number) => tf.Tensor2D): Promise<void> {
    registerSteps('tensorflow', undefined);
    const plain = await walk(steps(), 6, step);
    const programmed = await walk(runner, 6, step);
    programmed.forEach((value, i) => {
      expect(Math.abs(value - plain[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(plain[i]!)));
    });
  }

  test('they give what their operations give', async () => {
    await expectSame(usual);
    expect(said).not.toHaveBeenCalled();
  });

  test('sequences that are noted as one are what they consist of', async () => {
    const layers = (x: tf.Tensor2D, i: number): tf.Tensor2D => {
      const kernel = draw(20 + i, [4, 4]);
      const bias = tf.tensor1d([0.1, 0.2, 0.3, i]);
      const { loss } = gradientsOf(
        () => ({ loss: tf.sum<tf.Scalar>(dense(x, kernel, bias, 'softplus')) }),
        { loss: { x, kernel } },
      );
      const gradients = loss.gradients as { readonly x: tf.Tensor; readonly kernel: tf.Tensor };
      const { params, first } = adamUpdate({
        ...{ params: [x], gradients: [gradients.x], first: [tf.zerosLike(x)], step: i },
        second: [tf.square(x)],
        scale: squaredNorm([gradients.x, gradients.kernel]),
        ...{ learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: i / 10 },
      });
      return tf.add(params[0]!, first[0]!);
    };
    await expectSame(layers);
    // Another way after the same sequences: they are performed where they were noted.
    await expectSame((x, i) => (i === 4 ? tf.neg(layers(x, 4)) : layers(x, i)));
    expect(said).not.toHaveBeenCalled();
  });

  test('the same step gives the same bits, the first time and later', async () => {
    const first = await walk(runner, 1, usual);
    expect(await walk(runner, 1, usual)).toEqual(first);
    const again = steps();
    expect(await walk(again, 1, usual)).toEqual(first);
    again.dispose();
  });

  test('a step may go another way, over other shapes, and come back', async () => {
    await expectSame((x, i) => {
      if (i % 3 === 1) return tf.slice(tf.tile(usual(x, i), [2, 1]), [2, 0], [3, 4]);
      return i % 3 === 2 ? tf.transpose(tf.transpose(usual(x, i))) : usual(x, i);
    });
    expect(said).not.toHaveBeenCalled();
  });

  test('a shape that depends on a number is found anew', async () => {
    await expectSame((x, i) => {
      const many = tf.range(0, i + 1);
      expect(many.shape).toEqual([i + 1]);
      return tf.add(usual(x, i), tf.mean(many));
    });
  });

  test('what is read in the middle of a step is there, and the step goes on from it', async () => {
    await expectSame((x, i) => {
      const y = usual(x, i);
      const largest = tf.max(y).dataSync()[0]!;
      expect(largest).toBe(Math.max(...y.dataSync()));
      return usual(tf.div(y, largest), i);
    });
    expect(said).not.toHaveBeenCalled();
  });

  test('a number made in one step is there in the next ones', async () => {
    let half: tf.Scalar | undefined;
    await expectSame((x, i) => {
      half ??= tf.keep(tf.scalar(0.5));
      return tf.mul(usual(x, i), half);
    });
    half!.dispose();
  });

  test('a step that fails leaves what it kept, and nothing else', async () => {
    for (let i = 0; i < 3; i++) {
      const kept: tf.Tensor[] = [];
      const x = tf.tidy(() => tf.neg(draw(1, [3, 4])));
      const failing = runner.run(async () => {
        tf.tidy(() => {
          kept.push(tf.keep(usual(x, 0)));
          tf.matMul(x, x);
        });
        return Promise.resolve();
      });
      await expect(failing).rejects.toThrow(/size-incompatible/);
      const exact = tf.tidy(() => Array.from(usual(x, 0).dataSync()));
      expect(Array.from(kept[0]!.dataSync())).toEqual(exact);
      tf.dispose([x, ...kept]);
    }
  });

  test('where hardly a step is like another, it says so once, and performs them', async () => {
    await expectSame((x) => x.clone());
    registerSteps('tensorflow', undefined);
    const step = (x: tf.Tensor2D, i: number): tf.Tensor2D =>
      tf.slice(tf.tile(x, [2 + i, 1]), [i, 0], [3, 4]);
    const plain = await walk(steps(), 20, step);
    expect(await walk(runner, 20, step)).toEqual(plain);
    expect(runner.defers).toBe(false);
    expect(said).toHaveBeenCalledOnce();
    expect(said.mock.calls[0]![0]).toMatch(/one by one.*hardly a step is like another/);
  });

  test('those who want none have none', async () => {
    await selectBackend({ ...optional('node'), programs: false });
    expect(steps().defers).toBe(false);
  });
});
