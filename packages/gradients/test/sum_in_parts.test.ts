import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { detach, gradientsOf, sumInParts, untaped, type TensorTree } from '../src/index.js';
import { backends } from './backends.js';

const values = (tree: TensorTree): number[][] =>
  Object.values(tree).map((leaf) => Array.from((leaf as tf.Tensor).dataSync()));

describe.each(backends)('on %s', (backend) => {
  let tree: Readonly<Record<'w' | 'v' | 'unused', tf.Tensor>>;
  beforeAll(async () => {
    await tf.setBackend(backend);
    tree = {
      w: tf.tensor2d([0.3, -0.7, 1.1, 0.4], [2, 2]),
      v: tf.tensor1d([0.2, -0.5]),
      unused: tf.scalar(1),
    };
  });

  const hidden = (): tf.Tensor => tf.tanh(tree.w);
  /** The i-th summand; only the second depends on v. */
  const part = (h: tf.Tensor, i: number) => (): tf.Scalar => {
    const both = i === 1 ? tf.add(h, tree.v) : h;
    return tf.sum(tf.sin(tf.mul(both, i + 1)));
  };

  test('a sum in parts has the value and the gradients of the sum', () => {
    const taken = (inParts: boolean) =>
      gradientsOf(
        () => {
          const h = hidden();
          const parts = [0, 1, 2].map((i) => part(h, i));
          const sum = inParts
            ? sumInParts(parts, [h, h, ...Object.values(tree)])
            : parts.map((f) => f()).reduce((a, b) => tf.add(a, b));
          // The sum is part of a larger loss, and w reaches that by another way as well.
          return { p: tf.add<tf.Scalar>(tf.sin(sum), tf.sum(tree.w)) };
        },
        { p: tree },
      ).p;
    const before = tf.memory().numTensors;
    const [whole, parts] = [taken(false), taken(true)];
    values(parts.gradients).forEach((leaf, i) => {
      leaf.forEach((value, j) => {
        expect(value).toBeCloseTo(values(whole.gradients)[i]![j]!, 5);
      });
    });
    expect(parts.value.dataSync()[0]).toBeCloseTo(whole.value.dataSync()[0]!, 5);
    expect(parts.unreached).toEqual(['unused']);
    tf.dispose([whole, parts] as never);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('parts hold the tape of one at a time', () => {
    const big = tf.ones([1000]);
    const heldBy = (
      sum: (parts: readonly (() => tf.Scalar)[], inputs: tf.Tensor[]) => tf.Scalar,
    ) => {
      const held: number[] = [];
      const one = (): tf.Scalar => {
        const made = tf.sum<tf.Scalar>(tf.exp(tf.sin(tf.mul(big, tf.sum(tree.v)))));
        held.push(tf.memory().numBytes);
        return made;
      };
      const { p } = gradientsOf(() => ({ p: sum([one, one, one, one], [tree.v]) }), {
        p: { v: tree.v },
      });
      tf.dispose(p as never);
      return held.map((bytes) => bytes - held[0]!);
    };
    const inParts = heldBy(sumInParts);
    const together = heldBy((parts) =>
      parts.map((f) => f()).reduce((a, b) => tf.add<tf.Scalar>(a, b)),
    );
    // Beside a few numbers: the gradient of v, and the sum.
    expect(Math.max(...inParts)).toBeLessThan(100);
    expect(together[3]).toBeGreaterThan(3 * 4 * 1000);
    big.dispose();
  });

  test('a part that throws leaves nothing, and the gradient around it goes on', () => {
    const before = tf.memory().numTensors;
    const { p } = gradientsOf(
      () => {
        expect(() =>
          sumInParts(
            [
              part(tree.w, 0),
              () => {
                throw new Error('no');
              },
            ],
            [tree.w],
          ),
        ).toThrow('no');
        return { p: tf.sum<tf.Scalar>(tf.square(tree.v)) };
      },
      { p: { v: tree.v } },
    );
    expect(values(p.gradients)[0]![0]).toBeCloseTo(0.4, 6);
    tf.dispose(p as never);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('what is made untaped is a constant, and saves nothing', () => {
    const { p } = gradientsOf(
      () => {
        const constant = untaped(() => tf.exp(tree.v));
        return { p: tf.sum<tf.Scalar>(tf.mul(tree.v, constant)) };
      },
      { p: { v: tree.v } },
    );
    const exact = Array.from(tf.exp(detach(tree.v)).dataSync());
    values(p.gradients)[0]!.forEach((value, i) => {
      expect(value).toBeCloseTo(exact[i]!, 6);
    });
    tf.dispose(p as never);
  });
});
