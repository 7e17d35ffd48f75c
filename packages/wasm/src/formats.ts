import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Machine } from './machine.js';

/** Where images have their channels: [B, H, W, C] or [B, C, H, W]. */
export type Format = 'NHWC' | 'NCHW' | undefined;

const transpose = (machine: Machine, x: TensorInfo, perm: readonly number[]): TensorInfo =>
  machine.call('Transpose', { x }, { perm });

/** Images with their channels last. The caller frees them. */
export function channelsLast(machine: Machine, format: Format, x: TensorInfo): TensorInfo {
  return format === 'NCHW' ? transpose(machine, x, [0, 2, 3, 1]) : machine.alias(x);
}

/** Images with channels last in the format asked for, instead of them. */
export function inFormat(machine: Machine, format: Format, x: TensorInfo): TensorInfo {
  if (format !== 'NCHW') return x;
  const output = transpose(machine, x, [0, 3, 1, 2]);
  machine.free(x);
  return output;
}
