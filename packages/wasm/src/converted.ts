import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Machine } from './machine.js';

/** What `compute` makes of x as a tensor of this type. */
export function converted(
  machine: Machine,
  x: TensorInfo,
  dtype: 'float32' | 'int32',
  compute: (x: TensorInfo) => TensorInfo,
): TensorInfo {
  if (x.dtype === dtype) return compute(x);
  const cast = machine.call('Cast', { x }, { dtype });
  const result = compute(cast);
  machine.free(cast);
  return result;
}
