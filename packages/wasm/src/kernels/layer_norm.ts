import {
  gradientKernel,
  layerNormKernel,
  type GradientAttrs,
  type LayerNormAttrs,
  type LayerNormInputs,
} from '@elbo/ops';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Tensors } from '../types.js';

/** A tensor as rows along its last axis. */
function rowsOf({ shape }: TensorInfo): { rows: number; n: number } {
  return { rows: util.sizeFromShape(shape.slice(0, -1)), n: shape.at(-1)! };
}

const layerNorm = kernel<LayerNormInputs, LayerNormAttrs>({
  name: layerNormKernel,
  run: (machine, { x, gain, bias }, { epsilon }) => {
    const { rows, n } = rowsOf(x);
    const output = machine.output(x.shape);
    machine.side.layerNorm(
      machine.address(x),
      machine.address(gain),
      machine.address(bias),
      machine.address(output),
      rows,
      n,
      epsilon,
    );
    return output;
  },
});

type GradientInputs = LayerNormInputs & Tensors<'dy'>;

const gradient = kernel<GradientInputs, LayerNormAttrs & GradientAttrs<keyof LayerNormInputs>>({
  name: gradientKernel(layerNormKernel),
  run: (machine, { dy, x, gain }, { epsilon, of }) => {
    if (of === 'bias')
      return machine.call('Sum', { x: dy }, { axis: dy.shape.map((_, axis) => axis).slice(0, -1) });
    const { rows, n } = rowsOf(x);
    const [from, at] = [machine.address(dy), machine.address(x)];
    if (of === 'gain') {
      const output = machine.output(gain.shape);
      const scratch = machine.scratch(machine.side.layerNormScratch(rows, n) >>> 0);
      machine.side.layerNormOfGain(from, at, machine.address(output), rows, n, epsilon, scratch);
      return output;
    }
    const output = machine.output(x.shape);
    const [by, to] = [machine.address(gain), machine.address(output)];
    machine.side.layerNormOfX(from, at, by, to, rows, n, epsilon);
    return output;
  },
});

/** Layer normalisation. */
export const layerNormKernels: readonly Kernel[] = [layerNorm, gradient];
