import { util, type BincountAttrs } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Tensors } from '../types.js';

const bincount = kernel<Tensors<'x' | 'weights'>, BincountAttrs>({
  name: 'Bincount',
  run: (machine, { x, weights }, { size }) => {
    const output = machine.output([size], weights.dtype);
    // Double precision keeps the digits of long sums, and integers whole.
    const sums = new Float64Array(size);
    const weighted = util.sizeFromShape(weights.shape) > 0;
    const [values, by, to] = [x, weights, output].map(machine.numbers);
    values!.forEach((value, i) => {
      util.assert(value >= 0, () => `bincount: ${value} is negative.`);
      if (value < size) sums[value]! += weighted ? by![i]! : 1;
    });
    to!.set(sums);
    return output;
  },
});

/** How often numbers occur. */
export const counts: readonly Kernel[] = [bincount];
