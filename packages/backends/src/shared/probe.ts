import { BackendError } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import * as tf from '@tensorflow/tfjs-core';

// The loss ½‖AB‖² has the gradients (AB)Bᵀ and Aᵀ(AB): small integers, exact in float32.
const a = [1, 2, 3, 4, 5, 6];
const b = [1, 0, -1, 2, 0, 1];
const expected = {
  product: [-1, 7, -1, 16],
  gradientA: [-1, 15, 7, -1, 33, 16],
  gradientB: [-5, 71, -7, 94, -9, 117],
};

function check(what: string, values: ArrayLike<number>, exact: readonly number[]): void {
  const same = values.length === exact.length && exact.every((value, i) => values[i] === value);
  if (same) return;
  throw new BackendError(
    `its ${what} of small integers is wrong, [${Array.from(values).join(', ')}] instead of ` +
      `[${exact.join(', ')}]: do not compute with it on this machine`,
  );
}

/** Runs `first` without the advertisement that the cpu backend prints in Node at its first tensor. */
async function quietly(first: () => Promise<void>): Promise<void> {
  const before = tf.env().getBool('PROD');
  tf.env().set('PROD', true);
  try {
    await first();
  } finally {
    tf.env().set('PROD', before);
  }
}

/**
 * Runs a matrix product and its gradients on the current backend and compares them with known values.
 *
 * @throws BackendError when they differ.
 */
export function probe(): Promise<void> {
  return quietly(compareWithKnown);
}

async function compareWithKnown(): Promise<void> {
  const { product, gradientA, gradientB } = tf.tidy(() => {
    const left = tf.tensor2d(a, [2, 3]);
    const right = tf.tensor2d(b, [3, 2]);
    const loss = () => tf.mul<tf.Scalar>(tf.sum(tf.square(tf.matMul(left, right))), 0.5);
    const { loss: taken } = gradientsOf(() => ({ loss: loss() }), { loss: { left, right } });
    const { left: gradientA, right: gradientB } = taken.gradients as Record<string, tf.Tensor>;
    return { product: tf.matMul(left, right), gradientA: gradientA!, gradientB: gradientB! };
  });
  try {
    check('product', await product.data(), expected.product);
    check('gradient', await gradientA.data(), expected.gradientA);
    check('gradient', await gradientB.data(), expected.gradientB);
  } finally {
    tf.dispose([product, gradientA, gradientB]);
  }
}
