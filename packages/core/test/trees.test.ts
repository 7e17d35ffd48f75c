import { useWasm } from '@elbo/testing/backends';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ConfigError,
  countParams,
  disposeTree,
  flatten,
  keepTree,
  leaves,
  mapTree,
  paramsAt,
  tensorAt,
  treeMismatch,
  unflatten,
  zerosLikeTree,
  type Params,
} from '../src/index.js';
import { read } from './support.js';

beforeAll(useWasm);

let tree: Params;
let before: number;
beforeEach(() => {
  before = tf.memory().numTensors;
  tree = {
    encoder: { dense_1: { kernel: tf.ones([2, 3]), bias: tf.zeros([3]) }, scale: tf.scalar(5) },
    decoder: { kernel: tf.fill([4], 2) },
  };
});
afterEach(() => {
  disposeTree(tree);
  expect(tf.memory().numTensors).toBe(before);
});

describe('a tree', () => {
  it('is the same after flatten and unflatten, whatever the order of its names', () => {
    const paths = flatten(tree).map(({ path }) => path);
    expect(new Set(paths)).toEqual(
      new Set([
        'encoder/dense_1/kernel',
        'encoder/dense_1/bias',
        'encoder/scale',
        'decoder/kernel',
      ]),
    );
    const again = unflatten(tree, leaves(tree));
    for (const path of paths) expect(tensorAt(again, path)).toBe(tensorAt(tree, path));
  });

  it('counts its scalars', () => {
    expect(countParams(tree)).toBe(6 + 3 + 1 + 4);
    expect(countParams({})).toBe(0);
  });

  it('maps leaf by leaf, with their paths', () => {
    const seen: string[] = [];
    const doubled = mapTree(tree, (tensor, path) => {
      seen.push(path);
      return tf.mul(tensor, 2);
    });
    expect(seen).toEqual(flatten(tree).map(({ path }) => path));
    expect(read(tensorAt(doubled, 'encoder/scale'))).toEqual([10]);
    expect(treeMismatch(tree, doubled)).toBeUndefined();
    disposeTree(doubled);
  });

  it('has zeros like it', () => {
    const zeros = zerosLikeTree(tree);
    expect(treeMismatch(tree, zeros)).toBeUndefined();
    expect(
      leaves(zeros)
        .flatMap((leaf) => Array.from(leaf.dataSync()))
        .every((x) => x === 0),
    ).toBe(true);
    disposeTree(zeros);
  });

  it('outlives a tidy once it is kept', () => {
    const made: { a: { b: tf.Tensor } }[] = [];
    tf.tidy(() => {
      made.push(keepTree({ a: { b: tf.ones([2]) } }));
    });
    const [kept] = made;
    expect(kept!.a.b.isDisposed).toBe(false);
    disposeTree(kept!);
  });
});

describe('tensorAt and paramsAt', () => {
  it('find leaves and groups', () => {
    expect(tensorAt(tree, 'encoder/dense_1/bias').shape).toEqual([3]);
    expect(tensorAt(paramsAt(tree, 'encoder/dense_1'), 'bias')).toBe(
      tensorAt(tree, 'encoder/dense_1/bias'),
    );
  });

  it('say where a wrong path leaves the tree', () => {
    expect(() => tensorAt(tree, 'encoder/dense_2/bias')).toThrow(
      "No parameter 'encoder/dense_2/bias': in the place of 'dense_2' there is dense_1, scale.",
    );
    expect(() => tensorAt(tree, 'encoder/scale/bias')).toThrow('there is a tensor');
    expect(() => tensorAt({}, 'a')).toThrow('there is nothing');
    expect(() => tensorAt(tree, 'encoder')).toThrow('a group of parameters, not a tensor');
    expect(() => paramsAt(tree, 'encoder/scale')).toThrow('a tensor, not a group');
  });

  it.each(['toString', 'constructor', '__proto__', 'encoder/hasOwnProperty'])(
    'find nothing that every object has: %s',
    (path) => {
      expect(() => paramsAt(tree, path)).toThrow(ConfigError);
    },
  );
});

describe('treeMismatch', () => {
  it('names the first difference', () => {
    const other = (encoder: Params): Params => ({ ...tree, encoder });
    const dense = paramsAt(tree, 'encoder/dense_1');
    const wrong = tf.ones([7]);
    expect(treeMismatch(tree, other({ dense_1: dense }))).toBe("'encoder/scale' is missing");
    expect(treeMismatch(tree, other({ dense_1: dense, scale: wrong }))).toBe(
      "'encoder/scale' has shape [7], not []",
    );
    expect(treeMismatch(tree, { ...tree, more: wrong })).toBe("'more' is not expected");
    wrong.dispose();
  });
});
