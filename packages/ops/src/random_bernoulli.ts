import { bits, type Key } from '@elbo/random';
import {
  scalar,
  step,
  sub,
  tensor,
  tidy,
  util,
  type Rank,
  type ShapeMap,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { dispatch } from './dispatch.js';
import { OperationError } from './errors.js';
import type { NoiseAttrs } from './noise.js';
import { forRows } from './rows.js';
import { untaped } from './untaped.js';

/** The kernel of `randomBernoulli`: one output, of the shape in the attributes (`NoiseAttrs`). */
export const randomBernoulliKernel = 'ElboRandomBernoulli';
/** Probabilities, whose shape broadcasts to that of the output. */
export type RandomBernoulliInputs = Readonly<Record<'probabilities', TensorInfo>>;

/**
 * Each word of the key's stream as a multiple of 2^-32, with its digits below float32's 24 cut off. It is less than a
 * float32 p exactly where the word is less than p · 2^32, for cutting never passes a float32.
 */
function thresholds(key: Key, n: number): Float32Array {
  const words = bits(key, n);
  const values = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    const word = words[i]!;
    const cut = Math.max(0, 8 - Math.clz32(word));
    values[i] = (((word >>> cut) << cut) >>> 0) * 2 ** -32;
  }
  return values;
}

/**
 * Draws of 0 or 1 (float32): the bits of `bernoulli` of `@elbo/random`, on every backend, with the probabilities of a 1
 * in float32. No gradient flows through it.
 *
 * @param probabilities one for all draws, or a tensor whose shape broadcasts to `shape`; not read by the host, so not
 * checked: below 0 is as 0, above 1 as 1.
 * @param shape of the result.
 * @throws OperationError when a number is not in [0, 1].
 */
export function randomBernoulli<R extends Rank>(
  key: Key,
  probabilities: Tensor | number,
  shape: ShapeMap[R],
): Tensor<R> {
  if (typeof probabilities === 'number' && !(probabilities >= 0 && probabilities <= 1)) {
    throw new OperationError(`randomBernoulli: probability ${probabilities} is not in [0, 1].`);
  }
  const attrs: NoiseAttrs = { words: key.words, shape };
  const compare = (p: Tensor): Tensor<R> => {
    const draws = forRows<R>(key, shape, (whole, size) =>
      tensor(thresholds(whole, util.sizeFromShape(size)), size),
    );
    // A comparison gives booleans, which the cpu backend's cast leaves as bytes.
    return step<Tensor<R>>(sub(p, draws));
  };
  return untaped(() =>
    tidy(() => {
      const p = typeof probabilities === 'number' ? scalar(probabilities) : probabilities;
      // A kernel draws for whole minibatches only.
      return key.rows
        ? compare(p)
        : dispatch({ kernelName: randomBernoulliKernel }, { probabilities: p }, attrs, () =>
            compare(p),
          );
    }),
  );
}
