import { logSumExp, randomUniform } from '@elbo/ops';
import { fold } from '@elbo/random';
import {
  add,
  clipByValue,
  div,
  exp,
  expandDims,
  greater,
  less,
  log,
  logSoftmax,
  maximum,
  mul,
  round,
  softmax,
  softplus,
  sub,
  sum,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { flattenBatch, repeatBatch } from '../shapes.js';
import { categorical } from './categorical.js';
import { indicator, logBinMass } from './logistic_bin.js';
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

/** log P(x) of each component, `[B, …, K]`: the first bin has no lower edge, the last no upper. */
function componentLogProbs(x: Tensor, locations: Tensor, logScales: Tensor): Tensor {
  const at = expandDims(x, -1);
  return logBinMass({
    distance: sub(sub(mul(at, 2), 1), locations),
    half,
    logScale: maximum(logScales, leastLogScale),
    hasLower: indicator(greater(at, half / 2)),
    hasUpper: indicator(less(at, 1 - half / 2)),
  });
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
