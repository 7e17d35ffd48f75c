import { backend_util, util, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { shortSum } from '../overlap.js';
import { segmentSums } from '../segment_sums.js';
import type { Tensors } from '../types.js';

type Inputs = Tensors<'data' | 'indices' | 'segmentIds'>;

/** Fails, in the words of TensorFlow.js, for segments that are no increasing numbers from 0 on, and rows that there are none of. */
function expectRows(segments: ArrayLike<number>, indices: ArrayLike<number>, rows: number): void {
  for (let i = 0; i < segments.length; i++) {
    const segment = segments[i]!;
    const index = indices[i]!;
    if (segment < 0)
      throw new Error(backend_util.getSparseSegmentReductionNegativeSegmentIdsErrorMessage());
    if (segment < (segments[i - 1] ?? 0))
      throw new Error(backend_util.getSparseSegmentReductionNonIncreasingSegmentIdsErrorMessage());
    if (index < 0 || index >= rows)
      throw new Error(
        backend_util.getSparseSegmentReductionIndicesOutOfRangeErrorMessage(i, index, rows),
      );
  }
}

/** Sums, or means, of the rows at `indices` by segments. */
function reduced(
  machine: Machine,
  { data, indices, segmentIds }: Inputs,
  ofMeans: boolean,
): TensorInfo {
  const [count = 0, ...rest] = data.shape;
  const columns = util.sizeFromShape(rest);
  const n = indices.shape[0]!;
  expectRows(machine.numbers(segmentIds), machine.numbers(indices), count);
  const rows = machine.output([n, columns]);
  const [from, to] = [machine.numbers(data), machine.numbers(rows)];
  const [places, segments] = [machine.numbers(indices), machine.numbers(segmentIds)];
  for (let i = 0; i < n; i++)
    to.set(from.subarray(places[i]! * columns, (places[i]! + 1) * columns), i * columns);
  const made = segments[n - 1]! + 1;
  const sums = segmentSums(machine, rows, segmentIds, made);
  machine.free(rows);
  if (ofMeans) {
    const all = machine.numbers(segmentIds);
    const counts = new Float64Array(made);
    for (let i = 0; i < n; i++) counts[all[i]!]! += 1;
    const means = machine.numbers(sums);
    for (let i = 0; i < made * columns; i++) means[i]! /= counts[Math.floor(i / columns)]! || 1;
  }
  return { ...sums, shape: [made, ...rest] };
}

/** Of many rows: the stock kernels add those of one segment from first to last. */
const takes = ({ data, indices }: Inputs): boolean =>
  data.dtype === 'float32' && indices.shape[0]! > shortSum;

/** Sums and means of chosen rows by segments. */
export const sparseSegments: readonly Kernel[] = (
  [
    ['SparseSegmentSum', false],
    ['SparseSegmentMean', true],
  ] as const
).map(([name, ofMeans]) =>
  kernel<Inputs, NamedAttrMap>({
    name,
    takes,
    run: (machine, inputs) => reduced(machine, inputs, ofMeans),
  }),
);
