import { util, type CumsumAttrs } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import { areFloats, type Tensors } from '../types.js';

const cumsum = kernel<Tensors<'x'>, CumsumAttrs>({
  name: 'Cumsum',
  takes: areFloats,
  run: (machine, { x }, { axis, exclusive, reverse }) => {
    const [along] = util.parseAxisParam(axis, x.shape);
    const size = (part: number[]): number => util.sizeFromShape(part);
    const inner = size(x.shape.slice(along! + 1));
    const output = machine.output(x.shape);
    machine.side.runningSums(
      size(x.shape.slice(0, along)),
      x.shape[along!] ?? 1,
      inner,
      machine.address(x),
      machine.address(output),
      exclusive,
      reverse,
      machine.scratch(inner * Float64Array.BYTES_PER_ELEMENT),
    );
    return output;
  },
});

/** Running sums, each rounded once. */
export const runningSums: readonly Kernel[] = [cumsum];
