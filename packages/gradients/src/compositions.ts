import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { detach } from './detach.js';

/** log softmax along the last axis. The maximum is there for the range only, so it has no gradient. */
function logSoftmax(logits: Tensor): Tensor {
  const axis = logits.rank - 1;
  const shifted = tf.sub(logits, detach(tf.max(logits, axis, true)));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), axis, true)));
}

/**
 * tfjs operations that carry a custom gradient, by the name of the scope they run in, as
 * compositions of operations that have rules. The gradient that tfjs gives them reads a tensor that
 * may be gone by then (logSigmoid) or is wrong when differentiated again (all three).
 */
const compositions: Readonly<Record<string, (...inputs: Tensor[]) => Tensor>> = {
  logSigmoid__op: (x) => tf.neg(tf.softplus(tf.neg(x))),
  logSoftmax__op: (logits) => logSoftmax(logits),
  softmaxCrossEntropy__op: (labels, logits) =>
    tf.neg(tf.sum(tf.mul(logSoftmax(logits), labels), -1)),
};

/**
 * Makes tfjs run those operations as their compositions. A custom gradient cannot be registered
 * anew, as that of a kernel can; the engine is asked for it by every operation that has one.
 */
export function composeCustomGradients(): void {
  const engine = tf.engine();
  const customGrad = engine.customGrad.bind(engine);
  engine.customGrad = <T extends Tensor>(f: Parameters<typeof customGrad<T>>[0]) => {
    const name = (engine.state.activeScope as { name: string } | null)?.name ?? '';
    const composed = compositions[name];
    return composed === undefined
      ? customGrad(f)
      : (...inputs) => composed(...(inputs as Tensor[])) as T;
  };
}
