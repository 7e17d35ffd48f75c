import type { TensorInfo } from '@tensorflow/tfjs-core';

/** Tensors by these names. */
export type Tensors<Name extends string> = Readonly<Record<Name, TensorInfo>>;

/** Whether a tensor holds what most kernels here are for. */
const isFloat = ({ dtype }: TensorInfo): boolean => dtype === 'float32';

/** Whether all of a kernel's tensors do. */
export const areFloats = (inputs: Readonly<Record<string, TensorInfo>>): boolean =>
  Object.values(inputs).every(isFloat);

/** Whether a tensor holds numbers of one word, on which one can compute. */
export const isNumeric = ({ dtype }: TensorInfo): boolean =>
  dtype === 'float32' || dtype === 'int32';

/** Whether a tensor's elements lie in the heap one by one: all but strings and pairs. */
export const isPlain = ({ dtype }: TensorInfo): boolean =>
  dtype !== 'string' && dtype !== 'complex64';
