// Complex numbers. The stock backend has no room for them; here a tensor of them is one of float32 whose last dimension
// is of two, the real part and the imaginary part. So many kernels of float32 serve them as they are.
import type { TensorInfo } from '@tensorflow/tfjs-core';

export const isComplex = ({ dtype }: TensorInfo): boolean => dtype === 'complex64';

/** Complex numbers as pairs of float32 numbers. */
export const asPairs = ({ dataId, shape }: TensorInfo): TensorInfo => ({
  dataId,
  shape: [...shape, 2],
  dtype: 'float32',
});

/** Pairs of float32 numbers as complex numbers. */
export const asComplex = ({ dataId, shape }: TensorInfo): TensorInfo => ({
  dataId,
  shape: shape.slice(0, -1),
  dtype: 'complex64',
});
