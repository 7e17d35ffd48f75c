import { util, type SoftmaxAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import { shortSum } from '../overlap.js';
import type { Tensors } from '../types.js';

const widthOf = ({ shape }: TensorInfo): number => shape.at(-1) ?? 1;

/** Of long rows: the stock kernel, which is faster, adds up a row in a few lanes, from first to last. */
const softmax = kernel<Tensors<'logits'>, SoftmaxAttrs>({
  name: 'Softmax',
  takes: ({ logits }) => widthOf(logits) > 4 * shortSum,
  run: (machine, { logits }) => {
    const n = widthOf(logits);
    const rows = util.sizeFromShape(logits.shape) / n;
    const output = machine.output(logits.shape);
    const ones = machine.output([rows]);
    machine.numbers(ones).fill(1);
    // The gradient of log Σ eˣ.
    machine.side.logSumExpGradient(
      machine.address(ones),
      machine.address(logits),
      machine.address(output),
      rows,
      n,
      1,
    );
    machine.free(ones);
    return output;
  },
});

/** Shares of a whole. */
export const softmaxes: readonly Kernel[] = [softmax];
