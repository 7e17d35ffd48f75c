import { backend_util, util, type GatherV2Attrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import { isPlain, type Tensors } from '../types.js';
import type { Machine } from '../machine.js';

/** @throws where an index is no place among so many. */
function expectIndices(machine: Machine, indices: TensorInfo, size: number): void {
  for (const index of machine.numbers(indices))
    if (!(index >= 0 && index < size))
      throw new Error(`GatherV2: the index value ${index} is not in [0, ${size - 1}]`);
}

const gather = kernel<Tensors<'x' | 'indices'>, GatherV2Attrs>({
  name: 'GatherV2',
  takes: ({ x, indices }) => isPlain(x) && indices.dtype === 'int32',
  run: (machine, { x, indices }, { axis, batchDims }) => {
    const [along] = util.parseAxisParam(axis, x.shape);
    const { batchSize, outerSize, dimSize, sliceSize, outputShape } =
      backend_util.segment_util.collectGatherOpShapeInfo(x, indices, along!, batchDims);
    expectIndices(machine, indices, dimSize);
    const output = machine.output(outputShape, x.dtype);
    const rows = util.sizeFromShape(indices.shape) / batchSize;
    const row = sliceSize * util.bytesPerElement(x.dtype);
    for (let batch = 0; batch < batchSize; batch++)
      machine.side.pickRows(
        outerSize,
        rows,
        row,
        machine.address(x) + batch * outerSize * dimSize * row,
        dimSize * row,
        machine.address(indices) + batch * rows * Int32Array.BYTES_PER_ELEMENT,
        machine.address(output) + batch * outerSize * rows * row,
      );
    return output;
  },
});

/** Rows by their places. */
export const gathers: readonly Kernel[] = [gather];
