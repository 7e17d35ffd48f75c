import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { accelerated, poisonHeap, waves } from './wasm.js';

beforeAll(accelerated);

const extents: Readonly<Record<string, number>> = { a: 2, b: 3, i: 4, j: 5, k: 7, l: 2 };

/** The sum of products, and of their sizes, over every value of every label, in double precision. */
function byLoops(terms: string[], output: string, operands: ArrayLike<number>[]) {
  const labels = [...new Set(terms.flatMap((term) => Array.from(term)))];
  const place = (term: string, at: Record<string, number>): number =>
    Array.from(term).reduce((sum, label) => sum * extents[label]! + at[label]!, 0);
  const size = Array.from(output).reduce((n, label) => n * extents[label]!, 1);
  const result = Array.from({ length: size }, () => ({ sum: 0, size: 0 }));
  const all = labels.reduce((n, label) => n * extents[label]!, 1);
  for (let i = 0; i < all; i++) {
    let rest = i;
    const at: Record<string, number> = {};
    for (const label of labels) {
      at[label] = rest % extents[label]!;
      rest = Math.floor(rest / extents[label]!);
    }
    const term = operands.reduce((p, numbers, n) => p * numbers[place(terms[n]!, at)]!, 1);
    result[place(output, at)]!.sum += term;
    result[place(output, at)]!.size += Math.abs(term);
  }
  return { result, all };
}

it.each([
  ['i->', 'i->i', 'ij->ji', 'ij->i', 'ij->j', 'abij->jb', 'abij->ijab'],
  ['ij,jk->ik', 'ij,kj->ik', 'ji,jk->ik', 'ji,kj->ik', 'ij,jk->ki'],
  ['aij,ajk->aik', 'iaj,ajk->aki', 'abij,abjk->abik', 'abij,bajk->iabk'],
  ['i,j->ij', 'i,i->', 'i,i->i', 'ij,ij->i', ',i->i', 'ij,k->', 'ijk,jkl->li', 'aib,ajb->ij'],
])('%s and the like are sums of products', async (...equations) => {
  for (const equation of equations) {
    const [input, output] = equation.split('->') as [string, string];
    const terms = input.split(',');
    const operands = terms.map((term, n) =>
      waves(
        Array.from(term).map((label) => extents[label]!),
        n,
      ),
    );
    poisonHeap(1 << 12);
    const before = tf.memory().numTensors;
    const einsum = tf.einsum(equation, ...operands);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(einsum.shape).toEqual(Array.from(output).map((label) => extents[label]!));
    const numbers = await Promise.all(operands.map((x) => x.data()));
    const { result, all } = byLoops(terms, output, numbers);
    (await einsum.data()).forEach((value, i) => {
      expect(Math.abs(value - result[i]!.sum)).toBeLessThanOrEqual(
        all * 2 ** -24 * result[i]!.size,
      );
    });
  }
});

it('whole numbers stay whole, and mixed with others become float32', async () => {
  const a = tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32');
  const squares = tf.einsum('ij,ij->', a, a);
  expect([squares.dtype, ...(await squares.data())]).toEqual(['int32', 30]);
  const halves = tf.einsum('ij,j->i', a, tf.tensor1d([0.5, 0.5]));
  expect([halves.dtype, ...(await halves.data())]).toEqual(['float32', 1.5, 3.5]);
});

it('the backend keeps none of what it makes on the way', () => {
  const [a, b] = [waves([3, 4, 5]), waves([5, 2, 4], 1)];
  const held = (): number => tf.engine().backend.numDataIds();
  const before = held();
  tf.einsum('aij,jbi->ba', a, b).dispose();
  expect(held()).toBe(before);
});
