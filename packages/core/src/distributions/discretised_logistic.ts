import { logSumExp, randomUniform } from '@elbo/ops';
import { fold } from '@elbo/random';
import {
  add,
  cast,
  clipByValue,
  div,
  exp,
  expandDims,
  greater,
  less,
  log,
  logSoftmax,
  maximum,
  minimum,
  mul,
  neg,
  round,
  softmax,
  softplus,
  square,
  sub,
  sum,
  tidy,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { flattenBatch, repeatBatch } from '../shapes.js';
import { categorical } from './categorical.js';
import { expectSameShape, valuesPerRow } from './rows.js';
import type { Distribution } from './types.js';

/** Independent mixtures of discretised logistic distributions, one for each element of a value. */
export interface DiscretisedLogistic extends Distribution {
  /** Unnormalised log weights of the K components, `[B, …, K]`. */
  readonly logits: Tensor;
  /** Their means, on the scale where values go from −1 to 1, `[B, …, K]`. */
  readonly locations: Tensor;
  /** The logarithms of their scales s; below −7 they count as −7, `[B, …, K]`. */
  readonly logScales: Tensor;
}

/** Half the width of a bin, where the 256 values go from −1 to 1. */
const half = 1 / 255;

/** A scale of a quarter of half a bin: the least that the paper's code allows, so that 1/s stays finite. */
const leastLogScale = -7;

/** 1 where the condition holds, 0 where not. */
const indicator = (condition: Tensor): Tensor => cast(condition, 'float32');

/**
 * log(1 − e⁻ᵈ) of a bin's standardised width d = 2h/s. Where d is small, 1 − e⁻ᵈ has lost its digits: there it is log d,
 * known exactly, and the series of log((1 − e⁻ᵈ)/d).
 */
function logWidth(logScales: Tensor, precision: Tensor): Tensor {
  const border = 0.5;
  const d = mul(precision, 2 * half);
  // Each branch gets arguments for which it is finite, as the gradient is taken through both.
  const small = minimum(d, border);
  const squared = square(small);
  const series = sub(mul(squared, sub(1 / 24, mul(squared, 1 / 2880))), mul(small, 0.5));
  const near = add(sub(Math.log(2 * half), logScales), series);
  const far = log(sub(1, exp(neg(maximum(d, border)))));
  return where(less(d, border), near, far);
}

/**
 * log P(x) of each component, `[B, …, K]`. With a and b the standardised upper and lower edges of x's bin,
 * σ(a) − σ(b) = (1 − e^(b−a)) σ(a) σ(−b): a sum of three logarithms that are never positive, and none cancels another.
 * The first bin has no lower edge, which leaves σ(a); the last no upper, which leaves σ(−b).
 */
function componentLogProbs(x: Tensor, locations: Tensor, logScales: Tensor): Tensor {
  const bounded = maximum(logScales, leastLogScale);
  const precision = exp(neg(bounded));
  const at = expandDims(x, -1);
  const distance = sub(sub(mul(at, 2), 1), locations);
  const upper = mul(add(distance, half), precision);
  const lower = mul(sub(distance, half), precision);
  const aboveFirst = indicator(greater(at, half / 2));
  const belowLast = indicator(less(at, 1 - half / 2));
  const width = mul(mul(aboveFirst, belowLast), logWidth(bounded, precision));
  const below = mul(belowLast, softplus(neg(upper)));
  const above = mul(aboveFirst, softplus(lower));
  return sub(width, add(below, above));
}

/** E min(1, max(−1, X)) of a logistic X: −1 + ∫ P(X > t) dt, from −1 to 1. */
function clippedMean(locations: Tensor, logScales: Tensor): Tensor {
  const scale = exp(maximum(logScales, leastLogScale));
  const upTo = (t: number): Tensor => softplus(div(sub(locations, t), scale));
  return sub(mul(scale, sub(upTo(-1), upTo(1))), 1);
}

/**
 * Independent mixtures of K discretised logistic distributions over the 256 values 0, 1/255, …, 1 (Salimans et al. 2017,
 * "PixelCNN++", eq. 1 and 2, without its autoregression): a bin's probability is the mixture's mass in it, and the first
 * and the last bin have the tails. All parameters are `[B, …, K]`; values are `[B, …]`.
 *
 * A value between two of the 256 has the mass of a bin about it. `mean` is that of the mixture cut off at the ends, in
 * closed form: within half a bin, 1/510, of that of the 256 values. Samples are multiples of 1/255 without gradient.
 *
 * @throws ShapeError when the parameters differ in shape, or a value does not fit them.
 */
export function discretisedLogistic(
  logits: Tensor,
  locations: Tensor,
  logScales: Tensor,
): DiscretisedLogistic {
  expectSameShape(logits, locations, 'discretisedLogistic(logits, locations)');
  expectSameShape(logits, logScales, 'discretisedLogistic(logits, logScales)');
  const shape = logits.shape.slice(0, -1);
  return {
    logits,
    locations,
    logScales,
    sample: (key, samples = 1) => {
      const chosen = categorical(logits).sample(fold(key, 'component'), samples);
      const pick = (parameter: Tensor): Tensor =>
        sum(mul(chosen, repeatBatch(parameter, samples)), -1);
      const scale = exp(pick(maximum(logScales, leastLogScale)));
      const uniform = randomUniform(fold(key, 'noise'), scale.shape);
      const logistic = sub(log(uniform), log(sub(1, uniform)));
      const continuous = add(pick(locations), mul(scale, logistic));
      const level = round(mul(add(clipByValue(continuous, -1, 1), 1), 127.5));
      return div(level, 255);
    },
    logProb: (x) => {
      const count = valuesPerRow(x, { shape }, 'discretisedLogistic.logProb');
      const repeat = (parameter: Tensor): Tensor =>
        count === 1 ? parameter : repeatBatch(parameter, count);
      const parts = componentLogProbs(x, repeat(locations), repeat(logScales));
      return sum(flattenBatch(logSumExp(add(logSoftmax(repeat(logits)), parts))), 1);
    },
    mean: () =>
      tidy(() => {
        const mixed = sum(mul(softmax(logits), clippedMean(locations, logScales)), -1);
        return mul(add(mixed, 1), 0.5);
      }),
  };
}
