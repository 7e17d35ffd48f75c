import { disposeTree } from '@elbo/core';
import { batches, type Dataset } from '@elbo/datasets';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import { adam } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { toBatch } from '@elbo/training';
import * as tf from '@tensorflow/tfjs-core';
import { firstRows } from './rows.ts';

/** Says of which class each of some values is, `[N]`. */
export type Classifier = (x: tf.Tensor) => Promise<Int32Array>;

/** Trains a small network of dense layers on labelled rows, by cross-entropy. */
export async function trainClassifier(
  data: Dataset,
  { steps, seed, batchSize = 64 }: { steps: number; seed: number; batchSize?: number },
): Promise<Classifier> {
  const network = mlp({ hidden: [128], output: data.classes! });
  const optimiser = adam(1e-3);
  const mode = { training: true, key: key(seed) };
  let { params } = network.init(fold(key(seed), 'classifier'), data.shape);
  let state = optimiser.init(params);
  const stream = batches(data, { batchSize, seed });
  for (let step = 0; step < steps; step++) {
    const { rows, key: noise } = stream.at(step);
    const batch = toBatch(await data.read(rows, noise), data.shape, data.name);
    const loss = (): tf.Scalar => {
      const truth = tf.oneHot(tf.cast(batch.label!, 'int32'), data.classes!);
      const logProbs = tf.logSoftmax(network.apply(params, mode, batch.x));
      return tf.neg(tf.mean(tf.sum(tf.mul(logProbs, tf.cast(truth, 'float32')), 1)));
    };
    const { value, gradients } = gradientsOf(() => ({ loss: loss() }), { loss: params }).loss;
    const next = optimiser.step(gradients, state, params, step);
    disposeTree(params);
    tf.dispose([value, batch.x, batch.label!]);
    ({ params, state } = next);
  }
  return async (x) => {
    const classes = tf.tidy(() => tf.argMax(network.apply(params, mode, x), 1));
    const values = await classes.data<'int32'>();
    classes.dispose();
    return values;
  };
}

/** The share of a dataset's rows whose class is told right. */
export async function accuracy(classify: Classifier, data: Dataset): Promise<number> {
  const { x, label } = await firstRows(data, data.size);
  const truth = await label!.data<'float32'>();
  const told = await classify(x);
  tf.dispose([x, label!]);
  return told.filter((value, i) => value === truth[i]).length / data.size;
}
