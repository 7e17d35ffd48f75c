import { util, type DenseBincountAttrs } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import { shortSum } from '../overlap.js';
import { segmentSums } from '../segment_sums.js';
import type { Tensors } from '../types.js';

/** Of many weights: the stock kernel adds those of one bin from first to last. */
export const denseBincount: Kernel = kernel<Tensors<'x' | 'weights'>, DenseBincountAttrs>({
  name: 'DenseBincount',
  takes: ({ x, weights }, { binaryOutput = false }) =>
    weights.dtype === 'float32' &&
    !binaryOutput &&
    util.sizeFromShape(weights.shape) === util.sizeFromShape(x.shape) &&
    x.shape.at(-1)! > shortSum,
  run: (machine, { x, weights }, { size }) => {
    const n = util.sizeFromShape(x.shape);
    const columns = x.shape.at(-1)!;
    const rows = n / columns;
    const places = machine.output([n], 'int32');
    const [from, to] = [machine.numbers(x), machine.numbers(places)];
    for (let i = 0; i < n; i++) {
      const bin = from[i]!;
      // What has no bin of its own has none of another row's either.
      to[i] = bin >= 0 && bin < size ? Math.floor(i / columns) * size + bin : -1;
    }
    const flat = machine.alias(weights, [n]);
    const sums = segmentSums(machine, flat, places, rows * size);
    for (const tensor of [places, flat]) machine.free(tensor);
    return { ...sums, shape: x.shape.length === 1 ? [size] : [rows, size] };
  },
});
