import { util, type RaggedGatherAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';

// A ragged tensor is dense values, cut into rows by splits: row i is what lies from splits[i] to splits[i + 1] of the
// next splits' rows, or of the values.
interface RaggedParams {
  readonly paramsNestedSplits: readonly TensorInfo[];
  readonly paramsDenseValues: TensorInfo;
  readonly indices: TensorInfo;
}

/** What lies from `start` up to `limit`. */
interface Range {
  readonly start: number;
  readonly limit: number;
}

/** @throws where splits are no rows of so many elements. */
function expectSplits(splits: ArrayLike<number>, elements: number): void {
  const { length } = splits;
  util.assert(length > 0, () => 'Ragged splits may not be empty');
  util.assert(splits[0]! >= 0, () => 'Ragged splits must be non-negative');
  util.assert(splits[length - 1]! <= elements, () => 'Ragged splits must not point past values');
  for (let i = 1; i < length; i++)
    util.assert(
      splits[i - 1]! <= splits[i]!,
      () => 'Ragged splits must be sorted in ascending order',
    );
}

function expectIndices(indices: ArrayLike<number>, shape: readonly number[], rows: number): void {
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    util.assert(index >= 0 && index < rows, () => {
      const at = util.indexToLoc(i, shape.length, util.computeStrides([...shape]));
      return `indices[${at.join(',')}] = ${index} is not in [0, ${rows})`;
    });
  }
}

/** The splits that the dimensions of the indices make, all but the last: rows of one length. */
function evenSplits(shape: readonly number[]): number[][] {
  return shape.slice(0, -1).map((_, d) => {
    const rows = util.sizeFromShape(shape.slice(0, d + 1));
    return Array.from({ length: rows + 1 }, (__, row) => row * shape[d + 1]!);
  });
}

/** The splits of the rows that ranges select, and the ranges of what is in those rows. */
function selectRows(splits: ArrayLike<number>, ranges: readonly Range[]) {
  const selected = [0];
  for (const { start, limit } of ranges)
    for (let row = start; row < limit; row++)
      selected.push(selected.at(-1)! + splits[row + 1]! - splits[row]!);
  const within = ranges.map(({ start, limit }) => ({
    start: splits[start]!,
    limit: splits[limit]!,
  }));
  return { selected, within };
}

function outputOfSplits(machine: Machine, splits: readonly number[]): TensorInfo {
  const output = machine.output([splits.length], 'int32');
  machine.numbers(output).set(splits);
  return output;
}

/** The values in ranges, one after the other. */
function gatherValues(machine: Machine, values: TensorInfo, ranges: readonly Range[]): TensorInfo {
  const rows = ranges.reduce((n, { start, limit }) => n + limit - start, 0);
  const element = values.shape.slice(1);
  const size = util.sizeFromShape(element);
  const output = machine.output([rows, ...element], values.dtype);
  const [from, to] = [machine.numbers(values), machine.numbers(output)];
  let place = 0;
  for (const { start, limit } of ranges) {
    to.set(from.subarray(start * size, limit * size), place);
    place += (limit - start) * size;
  }
  return output;
}

const raggedGather = kernel<RaggedParams, RaggedGatherAttrs>({
  name: 'RaggedGather',
  run: (machine, { paramsNestedSplits, paramsDenseValues: values, indices }) => {
    const nested = paramsNestedSplits.map((splits) => Array.from(machine.numbers(splits)));
    util.assert(nested.length > 0, () => 'paramsNestedSplits must be non empty');
    const [first] = paramsNestedSplits;
    util.assert(first!.shape.length > 0, () => 'Split tensors must not be scalars');
    const chosen = Array.from(machine.numbers(indices));
    expectIndices(chosen, indices.shape, first!.shape[0]! - 1);
    util.assert(values.shape.length > 0, () => 'params.rank must be nonzero');
    nested.forEach((splits, level) => {
      expectSplits(splits, nested[level + 1]?.length ?? values.shape[0]!);
    });

    const result = evenSplits(indices.shape);
    let ranges: Range[] = chosen.map((index) => ({ start: index, limit: index + 1 }));
    nested.forEach((splits, level) => {
      const { selected, within } = selectRows(splits, ranges);
      // One index alone selects what is in a row, not a row.
      if (indices.shape.length > 0 || level > 0) result.push(selected);
      ranges = within;
    });
    return [
      ...result.map((splits) => outputOfSplits(machine, splits)),
      gatherValues(machine, values, ranges),
    ];
  },
});

/** Rows of ragged tensors. */
export const raggedGathers: readonly Kernel[] = [raggedGather];
