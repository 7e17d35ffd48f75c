import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap } from './wasm.js';

beforeAll(accelerated);

const words = ['', 'a', 'ab', 'b', 'ä', 'B', 'a'];

const texts = async (x: tf.Tensor): Promise<string[]> =>
  Array.from((await x.data<'string'>()) as unknown as ArrayLike<string>);

it('strings compare as those of the language, each with each', async () => {
  const [a, b] = [tf.tensor2d(words, [7, 1], 'string'), tf.tensor2d(words, [1, 7], 'string')];
  poisonHeap();
  const pairs = words.flatMap((p) => words.map((q) => [p, q] as const));
  const comparisons = [
    [tf.equal, (p: string, q: string) => p === q],
    [tf.notEqual, (p: string, q: string) => p !== q],
    [tf.less, (p: string, q: string) => p < q],
    [tf.lessEqual, (p: string, q: string) => p <= q],
    [tf.greater, (p: string, q: string) => p > q],
    [tf.greaterEqual, (p: string, q: string) => p >= q],
  ] as const;
  for (const [compare, holds] of comparisons) {
    const result = compare(a, b);
    expect([result.dtype, result.shape]).toEqual(['bool', [7, 7]]);
    expect(Array.from(await result.data())).toEqual(pairs.map((pair) => Number(holds(...pair))));
  }
});

it('strings move as numbers do', async () => {
  const x = tf.tensor2d(['a', 'b', 'c', 'd', 'e', 'ff'], [2, 3], 'string');
  expect(await texts(tf.tile(x, [1, 2]))).toEqual([
    ...['a', 'b', 'c', 'a', 'b', 'c'],
    ...['d', 'e', 'ff', 'd', 'e', 'ff'],
  ]);
  expect(await texts(tf.concat([x, tf.slice(x, [0, 2], [2, 1])], 1))).toEqual([
    ...['a', 'b', 'c', 'c'],
    ...['d', 'e', 'ff', 'ff'],
  ]);
  expect(await texts(tf.stack(tf.unstack(x, 1), 0))).toEqual(['a', 'd', 'b', 'e', 'c', 'ff']);
  const places = tf.tensor2d([1, 2, 0, 1], [2, 2], 'int32');
  expect(await texts(tf.gatherND(x, places))).toEqual(['ff', 'b']);
  expect(await texts(tf.fill([2], 'ä'))).toEqual(['ä', 'ä']);
});

it('sparse strings leave the default between them', async () => {
  const dense = tf.sparseToDense(
    tf.tensor1d([3, 1], 'int32'),
    tf.tensor1d(['x', 'y'], 'string'),
    [5],
    tf.scalar('-', 'string'),
  );
  expect(await texts(dense)).toEqual(['-', 'y', '-', 'x', '-']);
});

it('a pattern is replaced once or wherever it is', async () => {
  const x = tf.tensor1d(['banana', 'ä', ''], 'string');
  expect(await texts(tf.string.staticRegexReplace(x, 'a(n)', '<$1>'))).toEqual([
    ...['b<n><n>a', 'ä', ''],
  ]);
  expect(await texts(tf.string.staticRegexReplace(x, 'a', 'o', false))).toEqual([
    ...['bonana', 'ä', ''],
  ]);
});
