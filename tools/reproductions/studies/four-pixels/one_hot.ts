// The likelihood of one-hot images of independent pixels, in doubles.

/** log(1 + e^l). */
const softplus = (l: number): number => Math.max(l, 0) + Math.log1p(Math.exp(-Math.abs(l)));

/**
 * log p(x|z) of image x, whose only lit pixel is number x, for each row of logits [n, pixels], flattened:
 * l_x − Σ_j log(1 + exp l_j).
 */
export function logLikelihoods(logits: Float32Array, pixels: number, x: number): Float64Array {
  return Float64Array.from({ length: logits.length / pixels }, (_, row) => {
    let sum = logits[row * pixels + x]!;
    for (let j = 0; j < pixels; j++) sum -= softplus(logits[row * pixels + j]!);
    return sum;
  });
}
