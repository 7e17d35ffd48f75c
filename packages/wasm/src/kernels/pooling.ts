import {
  backend_util,
  util,
  type AvgPool3DAttrs,
  type AvgPoolAttrs,
  type MaxPoolWithArgmaxAttrs,
} from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { lostBytes, lostRoom } from '../overlap.js';
import { outputShape, writeWindows, type Info } from '../windows.js';
import { areFloats, type Tensors } from '../types.js';

type InfoOf<Attrs> = (shape: readonly number[], attrs: Attrs) => Info;

type Attrs2D = Pick<AvgPoolAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;
type Attrs3D = Pick<AvgPool3DAttrs, 'filterSize' | 'strides' | 'pad' | 'dimRoundingMode'>;

const info2D: InfoOf<Attrs2D> = (shape, { filterSize, strides, pad, dimRoundingMode }) =>
  backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );

const info3D: InfoOf<Attrs3D> = (shape, { filterSize, strides, pad, dimRoundingMode }) =>
  backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );

/** Whether windows are of one element. */
const seesOneElement = (info: Info): boolean =>
  info.filterHeight === 1 &&
  info.filterWidth === 1 &&
  (!('filterDepth' in info) || info.filterDepth === 1);

/** Whether part of a window is padding. */
const isPadded = ({ padInfo }: Info): boolean =>
  Object.values(padInfo).some((n) => typeof n === 'number' && n > 0);

/** A pool of x, by the side module's function of that name. */
function pool<Attrs>(
  name: string,
  infoOf: InfoOf<Attrs>,
  run: (machine: Machine) => Machine['side']['maxima'],
): Kernel {
  return kernel<Tensors<'x'>, Attrs>({
    name,
    takes: areFloats,
    run: (machine, { x }, attrs) => {
      const info = infoOf(x.shape, attrs);
      const shape = outputShape(info);
      // The library takes all windows of one element for the identity, also those that start in the padding.
      if (seesOneElement(info) && util.arraysEqual(x.shape, shape)) return machine.alias(x);
      const y = machine.output(shape);
      const { address } = writeWindows(machine, info);
      const room = machine.scratch(machine.side.poolScratch(address) >>> 0);
      run(machine)(address, machine.address(x), machine.address(y), room);
      return y;
    },
  });
}

const maxima = ({ side }: Machine): Machine['side']['maxima'] => side.maxima;
const means = ({ side }: Machine): Machine['side']['means'] => side.means;

/** The gradient of `input`. */
function maxPoolGradient<Attrs>(name: string, infoOf: InfoOf<Attrs>): Kernel {
  return kernel<Tensors<'dy' | 'input'>, Attrs>({
    name,
    takes: areFloats,
    run: (machine, { dy, input }, attrs) => {
      const dx = machine.output(input.shape);
      const info = infoOf(input.shape, attrs);
      const { address } = writeWindows(machine, info);
      machine.side.maximaGradient(
        address,
        machine.address(input),
        machine.address(dy),
        machine.address(dx),
        lostRoom(machine, lostBytes(info, util.sizeFromShape(input.shape))),
      );
      return dx;
    },
  });
}

/** The gradient of `input`, of which only the shape matters; of the windows that `sees` accepts. */
function avgPoolGradient<Attrs>(
  name: string,
  infoOf: InfoOf<Attrs>,
  sees: (info: Info) => boolean = () => true,
): Kernel {
  return kernel<Tensors<'dy' | 'input'>, Attrs>({
    name,
    takes: (inputs, attrs) => areFloats(inputs) && sees(infoOf(inputs.input.shape, attrs)),
    run: (machine, { dy, input }, attrs) => {
      const dx = machine.output(input.shape);
      const info = infoOf(input.shape, attrs);
      const { address } = writeWindows(machine, info);
      const lost = lostBytes(info, util.sizeFromShape(input.shape));
      const row = info.inWidth * info.inChannels * Float32Array.BYTES_PER_ELEMENT;
      const room = machine.scratch(2 * row + lost);
      machine.side.meansGradient(
        address,
        machine.address(dy),
        machine.address(dx),
        room,
        lost === 0 ? 0 : room + 2 * row,
      );
      return dx;
    },
  });
}

const maxPoolWithArgmax = kernel<Tensors<'x'>, MaxPoolWithArgmaxAttrs>({
  name: 'MaxPoolWithArgmax',
  takes: areFloats,
  run: (machine, { x }, attrs) => {
    util.assert(
      x.shape.length === 4,
      () => `maxPoolWithArgmax: x must have rank 4, not ${x.shape.length}.`,
    );
    const info = info2D(x.shape, attrs);
    const [y, places] = [
      machine.output(outputShape(info)),
      machine.output(outputShape(info), 'int32'),
    ];
    const { address } = writeWindows(machine, info);
    machine.side.maximaWithPlaces(
      address,
      machine.address(x),
      machine.address(y),
      machine.address(places),
      attrs.includeBatchInIndex,
    );
    return [y, places];
  },
});

/** Maxima and means over windows of images and volumes, and their gradients. */
export const pools: readonly Kernel[] = [
  pool('MaxPool', info2D, maxima),
  pool('MaxPool3D', info3D, maxima),
  pool('AvgPool', info2D, means),
  pool('AvgPool3D', info3D, means),
  maxPoolGradient('MaxPoolGrad', info2D),
  maxPoolGradient('MaxPool3DGrad', info3D),
  // Of padded windows, the library's own tests demand a division by their whole size, which is not the gradient of the
  // mean: those stay with the stock kernel, and @elbo/gradients goes round them.
  avgPoolGradient('AvgPoolGrad', info2D, (info) => !isPadded(info)),
  avgPoolGradient('AvgPool3DGrad', info3D),
  maxPoolWithArgmax,
];
