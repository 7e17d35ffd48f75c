import * as tf from '@tensorflow/tfjs-core';
import { two, type Case } from './cases.js';

const matrices = (a: number[], b: number[]): Record<string, Case> =>
  Object.fromEntries(
    [
      [false, false],
      [false, true],
      [true, false],
      [true, true],
    ].map(([ta, tb]) => {
      const flip = (shape: number[], yes: boolean) =>
        yes ? [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!] : shape;
      const name = `matMul, [${a.join()}] by [${b.join()}]${ta ? ', a transposed' : ''}${tb ? ', b transposed' : ''}`;
      return [name, two((x, y) => tf.matMul(x, y, ta, tb), flip(a, ta!), flip(b, tb!))];
    }),
  );

export const products: Readonly<Record<string, Case>> = {
  ...matrices([3, 4], [4, 2]),
  ...matrices([5, 7], [7, 6]),
  ...matrices([32, 24], [24, 32]),
  ...matrices([2, 3, 4], [2, 4, 3]),
  ...matrices([2, 3, 4], [1, 4, 3]),
  ...matrices([3, 4], [2, 4, 3]),
  'fused.matMul, linear, with bias': {
    f: ([a, b, bias]) => tf.fused.matMul({ a: a!, b: b!, bias: bias! }),
    args: [
      [[3, 4], 'apart'],
      [[4, 2], 'apart'],
      [[2], 'apart'],
    ],
  },
  'dot of vectors': two((a, b) => tf.dot(a, b), [4], [4]),
};
