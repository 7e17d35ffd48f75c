import {
  add,
  cast,
  exp,
  less,
  log,
  maximum,
  minimum,
  mul,
  neg,
  softplus,
  square,
  sub,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** A bin of a logistic distribution, standardised by its scale s. */
export interface LogisticBin {
  /** How far its middle is from the location, in the values' units. */
  readonly distance: Tensor;
  /** Half its width, in the same; one for each of the last axes of `distance`. */
  readonly half: number | Tensor;
  /** log s, bounded below by what keeps 1/s finite. */
  readonly logScale: Tensor;
  /** 1 where the bin has a lower edge, 0 where it reaches to −∞. */
  readonly hasLower: Tensor;
  /** The same of an upper edge and ∞; undefined where every bin has one. */
  readonly hasUpper?: Tensor;
}

/** 1 where the condition holds, 0 where not. */
export const indicator = (condition: Tensor): Tensor => cast(condition, 'float32');

/**
 * The log of a bin's mass. With a and b the standardised upper and lower edges, σ(a) − σ(b) = (1 − e^(b−a)) σ(a) σ(−b): a sum
 * of three logarithms that are never positive, and none cancels another. A bin without a lower edge has the mass σ(a), one
 * without an upper σ(−b).
 */
export function logBinMass({ distance, half, logScale, hasLower, hasUpper }: LogisticBin): Tensor {
  const precision = exp(neg(logScale));
  const upper = softplus(neg(mul(add(distance, half), precision)));
  const lower = mul(hasLower, softplus(mul(sub(distance, half), precision)));
  const within = hasUpper ? mul(hasLower, hasUpper) : hasLower;
  const width = mul(within, logWidth(half, logScale, precision));
  return sub(width, add(hasUpper ? mul(hasUpper, upper) : upper, lower));
}

/**
 * log(1 − e⁻ᵈ) of a bin's standardised width d = 2h/s. Where d is small, 1 − e⁻ᵈ has lost its digits: there it is log d,
 * known exactly, and the series of log((1 − e⁻ᵈ)/d).
 */
function logWidth(half: number | Tensor, logScale: Tensor, precision: Tensor): Tensor {
  const border = 0.5;
  const d = mul(precision, mul(half, 2));
  // Each branch gets arguments for which it is finite, as the gradient is taken through both.
  const small = minimum(d, border);
  const squared = square(small);
  const series = sub(mul(squared, sub(1 / 24, mul(squared, 1 / 2880))), mul(small, 0.5));
  const logOfWidth = typeof half === 'number' ? Math.log(2 * half) : log(mul(half, 2));
  const near = add(sub(logOfWidth, logScale), series);
  const far = log(sub(1, exp(neg(maximum(d, border)))));
  return where(less(d, border), near, far);
}
