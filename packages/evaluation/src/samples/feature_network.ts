import { ShapeError, formatShape, sizeOf, flattenBatch, type Params, type Shape } from '@elbo/core';
import { convTrunk, mlp } from '@elbo/networks';
import type { Batch } from '@elbo/objectives';
import { fold, key, type Key } from '@elbo/random';
import {
  argMax,
  cast,
  equal,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  square,
  sub,
  sum,
  div,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** A small network whose last layer but one describes rows: for distances that go by what rows show, not by pixels. */
export interface FeatureNetwork {
  /** What it learns: to tell classes, or, of data without any, to make rows again from their features. */
  readonly learns: 'classes' | 'rows';
  /** How many features a row has. */
  readonly width: number;
  init(key: Key): Params;
  /** Cross-entropy in nats, or squared errors; of rows whose class is unknown, nothing. */
  loss(params: Params, batch: Batch): Scalar;
  /** How well it does on a batch: the accuracy, or the share of the rows' variance that it explains. */
  quality(params: Params, batch: Batch): Scalar;
  /** `[B, …]` to `[B, width]`. */
  features(params: Params, x: Tensor): Tensor2D;
}

const mode = { training: false, key: key(0) };

/**
 * A feature network for rows of a shape: convolutions of images, else fully connected layers. Distances of features of
 * different networks, also of two seeds, do not compare.
 *
 * @param data Its shape, and how many classes it has, if it has labels.
 * @throws ShapeError for rows of no values.
 */
export function featureNetwork(
  { shape, classes }: { readonly shape: Shape; readonly classes?: number | undefined },
  width = 64,
): FeatureNetwork {
  const size = sizeOf(shape);
  if (size < 1)
    throw new ShapeError(`featureNetwork: rows of shape ${formatShape(shape)} hold nothing.`);
  const images = shape.length === 3 && Math.min(shape[0]!, shape[1]!) >= 8;
  const trunk = images
    ? convTrunk({ filters: [16, 32], units: width, activation: 'elu' })
    : mlp({ hidden: [128, width], activation: 'elu' });
  const head = mlp(
    classes === undefined ? { hidden: [128], output: size } : { hidden: [], output: classes },
  );
  const described = (params: Params, x: Tensor): Tensor2D =>
    trunk.apply(params.trunk as Params, mode, x) as Tensor2D;
  const answers = (params: Params, x: Tensor): Tensor2D =>
    head.apply(params.head as Params, mode, described(params, x)) as Tensor2D;
  const shared = {
    width,
    features: (params: Params, x: Tensor): Tensor2D => tidy(() => described(params, x)),
    init: (seed: Key): Params => ({
      trunk: trunk.init(fold(seed, 'trunk'), shape).params,
      head: head.init(fold(seed, 'head'), [width]).params,
    }),
  };
  if (classes === undefined) {
    const squares = (params: Params, { x }: Batch): Tensor =>
      sum(square(sub(answers(params, x), flattenBatch(x))), 1);
    return {
      ...shared,
      learns: 'rows',
      loss: (params, batch) => mean(squares(params, batch)),
      quality: (params, batch) =>
        tidy(() => {
          const rows = flattenBatch(batch.x);
          const spread = sum(square(sub(rows, mean(rows, 0))));
          return sub(1, div(sum(squares(params, batch)), spread));
        }),
    };
  }
  return {
    ...shared,
    learns: 'classes',
    loss: (params, { x, label }) => {
      // A class of −1 has no place in a one-hot row.
      const truth = cast(oneHot(cast(label!, 'int32'), classes), 'float32');
      return neg(mean(sum(mul(logSoftmax(answers(params, x)), truth), 1)));
    },
    quality: (params, { x, label }) =>
      tidy(() =>
        mean(cast(equal(argMax(answers(params, x), 1), cast(label!, 'int32')), 'float32')),
      ),
  };
}
