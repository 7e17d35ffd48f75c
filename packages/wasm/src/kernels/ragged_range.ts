import { util } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Tensors } from '../types.js';

type Bounds = Tensors<'starts' | 'limits' | 'deltas'>;

const most = 2 ** 31 - 1;

/** How many numbers there are from a start, in steps of `delta`, before a limit. */
function lengthOf(start: number, limit: number, delta: number): number {
  util.assert(delta !== 0, () => 'Requires delta != 0');
  const length = Math.max(0, Math.ceil((limit - start) / delta));
  util.assert(length <= most, () => `Requires ((limit - start) / delta) <= ${most}`);
  return length;
}

const raggedRange = kernel<Bounds, unknown>({
  name: 'RaggedRange',
  run: (machine, { starts, limits, deltas }) => {
    const sizes = Object.entries({ starts, limits, deltas }).flatMap(([name, { shape }]) => {
      util.assert(shape.length <= 1, () => `${name} must be a scalar or vector`);
      return shape;
    });
    util.assert(
      sizes.every((size) => size === sizes[0]),
      () => 'starts, limits, and deltas must have the same shape',
    );
    const rows = sizes[0] ?? 1;
    // A scalar counts for every row. They are read before outputs are made, which may move the memory.
    const [startOf, limitOf, deltaOf] = [starts, limits, deltas].map((tensor) => {
      const numbers = machine.numbers(tensor).slice();
      return (row: number): number => numbers[tensor.shape.length === 0 ? 0 : row]!;
    });
    const splits = [0];
    for (let row = 0; row < rows; row++)
      splits.push(splits[row]! + lengthOf(startOf!(row), limitOf!(row), deltaOf!(row)));

    const nested = machine.output([rows + 1], 'int32');
    machine.numbers(nested).set(splits);
    const dense = machine.output([splits[rows]!], starts.dtype);
    const to = machine.numbers(dense);
    for (let row = 0; row < rows; row++)
      for (let i = splits[row]!; i < splits[row + 1]!; i++)
        to[i] = startOf!(row) + (i - splits[row]!) * deltaOf!(row);
    return [nested, dense];
  },
});

/** Rows of numbers in equal steps. */
export const raggedRanges: readonly Kernel[] = [raggedRange];
