import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { slowTransposes } from '../slow_transposes.js';
import { rule, sumTo } from './rule.js';

function swapped(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** How often each element of a transposed operand must be used for its copy to pay. */
const usesThatPay = 4;

const count = (shape: readonly number[]): number => tf.util.sizeFromShape([...shape]);

/** The product of a and b, either of them transposed first where that is faster. */
function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const batches = Math.max(count(a.shape.slice(0, -2)), count(b.shape.slice(0, -2)));
  if (batches > 1 || !slowTransposes.has(tf.getBackend())) {
    return tf.matMul(a, b, transposeA, transposeB);
  }
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const copyA = transposeA && columns >= usesThatPay;
  const copyB = transposeB && rows >= usesThatPay;
  return tf.matMul(
    copyA ? swapped(a) : a,
    copyB ? swapped(b) : b,
    transposeA && !copyA,
    transposeB && !copyB,
  );
}

/** Gradients of a and b in op(a)·op(b), summed over the batch axes along which each was broadcast. */
const matMul = rule<{ transposeA: boolean; transposeB: boolean }>('BatchMatMul', {
  inputs: ['a', 'b'],
  gradient: (dy, [a, b], { transposeA, transposeB }) => ({
    a: () =>
      sumTo(
        transposeA ? product(b!, dy, transposeB, true) : product(dy, b!, false, !transposeB),
        a!.shape,
      ),
    b: () =>
      sumTo(
        transposeB ? product(dy, a!, true, transposeA) : product(a!, dy, !transposeA, false),
        b!.shape,
      ),
  }),
});

/** Matrix products, batched or not. */
export const productRules: readonly GradConfig[] = [matMul];
