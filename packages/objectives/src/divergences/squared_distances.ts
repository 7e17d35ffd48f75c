import { ShapeError, formatShape } from '@elbo/core';
import { add, matMul, mul, relu, square, sub, sum, transpose } from '@tensorflow/tfjs-core';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/**
 * ‖xᵢ − yⱼ‖² for x `[N, Z]` and y `[M, Z]`: `[N, M]`. As ‖xᵢ‖² + ‖yⱼ‖² − 2⟨xᵢ, yⱼ⟩, which needs no `[N, M, Z]`; of
 * points far from the origin for their distance it loses digits.
 *
 * @throws ShapeError that names `where` when the points differ in dimension.
 */
export function squaredDistances(x: Tensor2D, y: Tensor2D, where: string): Tensor2D {
  if (x.rank !== 2 || y.rank !== 2 || x.shape[1] !== y.shape[1])
    throw new ShapeError(
      `${where}: points ${formatShape(x.shape)} and ${formatShape(y.shape)} should be [N, Z] and [M, Z] for one Z.`,
    );
  const norms = add(sum(square(x), 1, true), transpose(sum(square(y), 1, true)));
  // Rounding may leave a little less than 0.
  return relu(sub(norms, mul(matMul(x, y, false, true), 2)));
}
