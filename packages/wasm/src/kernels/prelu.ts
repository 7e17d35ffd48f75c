import { util } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import { areFloats, type Tensors } from '../types.js';

/** The slopes `alpha` broadcast to x. */
type Inputs = Tensors<'x' | 'alpha'>;

/** Whether x lies in memory as copies of the slopes, one after the other: all that the stock kernel knows. */
function isRepeated({ x, alpha }: Inputs): boolean {
  const first = alpha.shape.findIndex((size) => size !== 1);
  const own = first < 0 ? [] : alpha.shape.slice(first);
  return util.arraysEqual(own, x.shape.slice(x.shape.length - own.length));
}

const prelu = kernel<Inputs, unknown>({
  name: 'Prelu',
  takes: (inputs) => areFloats(inputs) && !isRepeated(inputs),
  run: (machine, { x, alpha }) => {
    const y = machine.call('Multiply', { a: x, b: alpha });
    const [from, to] = [machine.address(x), machine.address(y)];
    machine.side.prelu(from, to, to, util.sizeFromShape(x.shape));
    return y;
  },
});

/** Rectifiers whose slopes below 0 are given. */
export const prelus: readonly Kernel[] = [prelu];
