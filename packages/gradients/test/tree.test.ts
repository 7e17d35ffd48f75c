import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flatten, GradientError, leaves, unflatten, type TensorTree } from '../src/index.js';

const leaf = tf.scalar(0);
const { tree } = fc.letrec<{ tree: TensorTree }>((tie) => ({
  tree: fc.dictionary(
    fc.stringMatching(/^[a-z0-9_]{1,6}$/),
    fc.oneof({ maxDepth: 3 }, fc.constant(leaf), tie('tree')),
    { maxKeys: 4 },
  ),
}));

const reversed = (t: TensorTree): TensorTree =>
  Object.fromEntries(
    Object.entries(t)
      .reverse()
      .map(([name, child]) => [name, child instanceof tf.Tensor ? child : reversed(child)]),
  );

test('unflatten undoes leaves, and the order of construction does not matter', () => {
  fc.assert(
    fc.property(tree, (t) => {
      expect(unflatten(t, leaves(t))).toEqual(t);
      expect(flatten(reversed(t))).toEqual(flatten(t));
    }),
    { numRuns: 100, seed: 1 },
  );
});

test('paths are names joined by slashes, in order', () => {
  const t = { dense_1: { kernel: leaf, bias: leaf }, a: leaf };
  expect(flatten(t).map(({ path }) => path)).toEqual(['a', 'dense_1/bias', 'dense_1/kernel']);
});

test('unflatten refuses another number of tensors', () => {
  expect(() => unflatten({ a: leaf, b: { c: leaf } }, [leaf])).toThrow(GradientError);
  expect(() => unflatten({ a: leaf }, [leaf, leaf])).toThrow(/2 tensors for a tree of 1/);
});
