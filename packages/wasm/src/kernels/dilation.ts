import { backend_util, util, type Dilation2DAttrs } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import { lostBytes, lostRoom } from '../overlap.js';
import { areFloats, type Tensors } from '../types.js';
import { outputShape, writeWindows, type Info } from '../windows.js';

/** x [B, H, W, C] and the filter [h, w, C], which is added to each window. */
type Operands = Tensors<'x' | 'filter'>;
type WithGradient = Operands & Tensors<'dy'>;

function infoOf({ x, filter }: Operands, { strides, pad, dilations }: Dilation2DAttrs): Info {
  return backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    strides,
    pad,
    'NHWC',
    dilations,
  );
}

const dilation = kernel<Operands, Dilation2DAttrs>({
  name: 'Dilation2D',
  takes: areFloats,
  run: (machine, inputs, attrs) => {
    const info = infoOf(inputs, attrs);
    const y = machine.output(outputShape(info));
    const { address } = writeWindows(machine, info);
    machine.side.dilation(
      address,
      machine.address(inputs.x),
      machine.address(inputs.filter),
      machine.address(y),
    );
    return y;
  },
});

/** The gradient of one of the operands; `lost` says the bytes for what its sums lose. */
function gradient(
  name: string,
  of: keyof Operands,
  sideName: 'dilationInputGradient' | 'dilationFilterGradient',
  lost: (info: Info, n: number) => number,
): Kernel {
  return kernel<WithGradient, Dilation2DAttrs>({
    name,
    takes: areFloats,
    run: (machine, inputs, attrs) => {
      const { shape } = inputs[of];
      const output = machine.output(shape);
      const info = infoOf(inputs, attrs);
      const room = lostRoom(machine, lost(info, util.sizeFromShape(shape)));
      const { address } = writeWindows(machine, info);
      machine.side[sideName](
        address,
        machine.address(inputs.x),
        machine.address(inputs.filter),
        machine.address(inputs.dy),
        machine.address(output),
        room,
      );
      return output;
    },
  });
}

/** Of a filter: every window may have its maximum at the same element. */
const lostOfFilter = (_: Info, n: number): number => n * Float32Array.BYTES_PER_ELEMENT;

/** Grey-scale dilation: the maximum of each window, to which a filter is added. */
export const dilations: readonly Kernel[] = [
  dilation,
  gradient('Dilation2DBackpropInput', 'x', 'dilationInputGradient', lostBytes),
  gradient('Dilation2DBackpropFilter', 'filter', 'dilationFilterGradient', lostOfFilter),
];
