import { util, type BincountAttrs } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Tensors } from '../types.js';

const bincount = kernel<Tensors<'x' | 'weights'>, BincountAttrs>({
  name: 'Bincount',
  run: (machine, { x, weights }, { size }) => {
    const output = machine.output([size], weights.dtype);
    const weighted = util.sizeFromShape(weights.shape) > 0;
    const [values, by, to] = [x, weights, output].map(machine.numbers);
    to!.fill(0);
    values!.forEach((value, i) => {
      util.assert(value >= 0, () => `bincount: ${value} is negative.`);
      if (value < size) to![value]! += weighted ? by![i]! : 1;
    });
    return output;
  },
});

/** How often numbers occur. */
export const counts: readonly Kernel[] = [bincount];
