import {
  abs,
  add,
  cast,
  concat,
  floor,
  mean,
  minimum,
  mul,
  neg,
  oneHot,
  onesLike,
  reshape,
  sigmoid,
  sign,
  softplus,
  sub,
  sum,
  zerosLike,
  type Scalar,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';

/** Logits of a discriminator on its two samples; each is asked for only when needed. */
export interface Sides {
  /** Logits where the label is 1. */
  positive(): Tensor;
  /** Logits where the label is 0. */
  negative(): Tensor;
}

/**
 * The discriminator's loss −E log σ(T₁) − E log(1 − σ(T₀)) in nats (Goodfellow et al. 2014, eq. 1). At its optimum T is
 * the log-ratio of the densities of the two samples; at chance it is 2 log 2.
 */
export function logisticLoss({ positive, negative }: Sides): Scalar {
  return add(mean(softplus(neg(positive()))), mean(softplus(negative())));
}

/**
 * The mean of the accuracies on the two samples: ½ at chance, 1 when the discriminator saturates. A logit of exactly 0
 * says neither, and is right half the time.
 */
export function accuracy({ positive, negative }: Sides): Scalar {
  const lead: Scalar = sub(mean(sign(positive())), mean(sign(negative())));
  return add(0.5, mul(0.25, lead));
}

/**
 * The expected calibration error of σ(T) (Naeini et al. 2015) over ten bins of equal width: the mean distance, over
 * both samples equally, between what T predicts and how often it is so. 0 when T is the true log-ratio.
 */
export function calibrationError({ positive, negative }: Sides, bins = 10): Scalar {
  const p = flat(sigmoid(positive()));
  const n = flat(sigmoid(negative()));
  const predicted = concat([p, n]);
  const share = concat([mul(onesLike(p), 0.5 / p.size), mul(onesLike(n), 0.5 / n.size)]);
  const excess = mul(share, sub(predicted, concat([onesLike(p), zerosLike(n)])));
  const bin = cast(minimum(floor(mul(predicted, bins)), bins - 1), 'int32');
  return sum(abs(sum(mul(reshape(excess, [-1, 1]), cast(oneHot(bin, bins), 'float32')), 0)));
}

function flat(tensor: Tensor): Tensor1D {
  return reshape(tensor, [-1]);
}
