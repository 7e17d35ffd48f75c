import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { serves } from '../avoided_kernels.js';
import { rule, sumTo } from './rule.js';

function swapped(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return tf.transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** A copy costs about as much as eight uses of each element, and a call as much as 2¹⁴ products. */
const usesThatPay = 8;
const productsThatPay = 1 << 14;

const batches = (x: Tensor): number => tf.util.sizeFromShape(x.shape.slice(0, -2));

/** The product of a and b, an operand transposed beforehand where the kernel is slow and that pays. */
function product(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean): Tensor {
  const rows = a.shape.at(transposeA ? -1 : -2)!;
  const columns = b.shape.at(transposeB ? -2 : -1)!;
  const inner = a.shape.at(transposeA ? -2 : -1)!;
  // The slow kernel is slow for batches whether transposed or not.
  const pays =
    batches(a) * batches(b) === 1 &&
    rows * columns * inner >= productsThatPay &&
    !serves('BatchMatMul');
  const copyA = pays && transposeA && columns >= usesThatPay;
  const copyB = pays && transposeB && rows >= usesThatPay;
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
