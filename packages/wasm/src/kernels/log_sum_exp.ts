import {
  gradientKernel,
  logSumExpKernel,
  type GradientAttrs,
  type LogSumExpAttrs,
  type LogSumExpInputs,
} from '@elbo/ops';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Tensors } from '../types.js';

/** The sizes before, along and after an axis. */
function around({ shape }: TensorInfo, axis: number): [number, number, number] {
  const sizeOf = (part: number[]): number => util.sizeFromShape(part);
  return [sizeOf(shape.slice(0, axis)), shape[axis]!, sizeOf(shape.slice(axis + 1))];
}

const logSumExp = kernel<LogSumExpInputs, LogSumExpAttrs>({
  name: logSumExpKernel,
  run: (machine, { x }, { axis }) => {
    const output = machine.output(x.shape.toSpliced(axis, 1));
    machine.side.logSumExp(machine.address(x), machine.address(output), ...around(x, axis));
    return output;
  },
});

type GradientInputs = LogSumExpInputs & Tensors<'dy'>;

const gradient = kernel<GradientInputs, LogSumExpAttrs & GradientAttrs<'x'>>({
  name: gradientKernel(logSumExpKernel),
  run: (machine, { dy, x }, { axis }) => {
    const output = machine.output(x.shape);
    machine.side.logSumExpGradient(
      machine.address(dy),
      machine.address(x),
      machine.address(output),
      ...around(x, axis),
    );
    return output;
  },
});

/** log Σ eˣ. */
export const logSumExpKernels: readonly Kernel[] = [logSumExp, gradient];
