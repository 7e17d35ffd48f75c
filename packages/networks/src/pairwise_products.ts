import { asVectors, sizeOf, type Network } from '@elbo/core';
import {
  concat,
  expandDims,
  mul,
  reshape,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';

/**
 * A vector, and the products of all ordered pairs of its elements: [B, …] to [B, N + N²], inputs that are not vectors
 * flattened. Logarithms of densities are often polynomials of small degree, which layers without products meet slowly: a
 * normal's is quadratic, and that of a parameter times its scale quartic.
 */
export function pairwiseProducts(): Network {
  return {
    config: { kind: 'pairwise-products' },
    init: (_key, input) => {
      const size = sizeOf(input);
      return { params: {}, output: [size + size ** 2] };
    },
    apply: (_params, _mode, x) => {
      const vectors: Tensor2D = asVectors(x);
      const outer: Tensor3D = mul(expandDims(vectors, 2), expandDims(vectors, 1));
      return concat([vectors, reshape(outer, [vectors.shape[0], -1])], 1);
    },
  };
}
