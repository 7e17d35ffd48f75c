import {
  backend_util,
  util,
  type RaggedTensorToTensorAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { broadcastPlaces } from '../matrices.js';

interface Ragged {
  /** Of the result; −1 where it follows from the rows, and a scalar −1 where all of it does. */
  readonly shape: TensorInfo;
  readonly values: TensorInfo;
  readonly defaultValue: TensorInfo;
  readonly rowPartitionTensors: readonly TensorInfo[];
}

/** An element of a row: which row, and its place in it. */
interface Element {
  readonly row: number;
  readonly column: number;
}

type Partition = readonly Element[];

function fromSplits(splits: readonly number[]): Partition {
  return splits
    .slice(1)
    .flatMap((limit, row) =>
      Array.from({ length: limit - splits[row]! }, (_, column) => ({ row, column })),
    );
}

function fromRowIds(ids: readonly number[]): Partition {
  let start = 0;
  return ids.map((row, i) => {
    if (row !== ids[start]) start = i;
    return { row, column: i - start };
  });
}

/** The rows of each ragged dimension, from the outermost, and the number of the first ones. */
function partitionsOf(machine: Machine, tensors: readonly TensorInfo[], types: readonly string[]) {
  const numbers = tensors.map((tensor) => Array.from(machine.numbers(tensor)));
  util.assert(
    types.length > 0 && numbers[0]!.length > 0,
    () => 'Invalid first partition input. Tensor requires at least one element.',
  );
  const counted = types[0] === 'FIRST_DIM_SIZE';
  util.assert(
    counted || types[0] === 'ROW_SPLITS',
    () => `Cannot handle ${types[0]!} in first dimension.`,
  );
  const rows = counted ? numbers[0]![0]! : numbers[0]!.length - 1;
  const partitions = types.flatMap((type, i): Partition[] => {
    if (i === 0 && counted) return [];
    if (type === 'ROW_SPLITS') return [fromSplits(numbers[i]!)];
    if (type === 'VALUE_ROWIDS') return [fromRowIds(numbers[i]!)];
    throw new Error(`Cannot handle partition type ${type}`);
  });
  return { rows, partitions };
}

const widthOf = (partition: Partition): number =>
  partition.reduce((width, { column }) => Math.max(width, column + 1), 0);

/** The shape asked for, with what it leaves open taken from the rows. */
function shapeOf(
  machine: Machine,
  { shape, values, defaultValue }: Ragged,
  rows: number,
  partitions: readonly Partition[],
): number[] {
  backend_util.validateDefaultValueShape(defaultValue.shape, values.shape);
  const given = Array.from(machine.numbers(shape));
  const open = shape.shape.length === 0;
  util.assert(
    !open || given[0] === -1,
    () => 'The only valid scalar shape tensor is the fully unknown shape specified as -1.',
  );
  // The library's types say that the shape is never null, and its code what null means.
  const combined = backend_util.combineRaggedTensorToTensorShapes(
    partitions.length,
    (open ? null : given)!,
    values.shape,
  );
  const found = [rows, ...partitions.map(widthOf), ...values.shape.slice(1)];
  return combined.map((extent, d) => (extent < 0 ? found[d]! : extent));
}

/** The place of each value in the result, in elements; −1 where the result ends before it. */
function placesOf(shape: readonly number[], rows: number, partitions: readonly Partition[]) {
  const strides = partitions.map((_, d) =>
    util.sizeFromShape(shape.slice(d + 1, partitions.length + 1)),
  );
  let places = Array.from({ length: rows }, (_, row) =>
    row < shape[0]! ? row * (strides[0] ?? 1) : -1,
  );
  partitions.forEach((partition, d) => {
    const parents = places;
    places = partition.map(({ row, column }) => {
      util.assert(
        row < parents.length,
        () => `Row ${row} is past the ${parents.length} there are.`,
      );
      const parent = parents[row]!;
      return parent < 0 || column >= shape[d + 1]! ? -1 : parent + column * (strides[d + 1] ?? 1);
    });
  });
  return places;
}

const raggedTensorToTensor = kernel<Ragged, RaggedTensorToTensorAttrs>({
  name: 'RaggedTensorToTensor',
  run: (machine, ragged, { rowPartitionTypes }) => {
    const { values, defaultValue, rowPartitionTensors } = ragged;
    const { rows, partitions } = partitionsOf(machine, rowPartitionTensors, rowPartitionTypes);
    const shape = shapeOf(machine, ragged, rows, partitions);
    const element = shape.slice(partitions.length + 1);
    const size = util.sizeFromShape(element);

    const output = machine.output(shape, values.dtype);
    const [from, otherwise, to] = [values, defaultValue, output].map(machine.numbers);
    const placeOfDefault = broadcastPlaces(defaultValue.shape, element);
    for (let i = 0; i < to!.length; i++) to![i] = otherwise![placeOfDefault(i % size)]!;
    placesOf(shape, rows, partitions).forEach((place, i) => {
      if (place >= 0) to!.set(from!.subarray(i * size, (i + 1) * size), place * size);
    });
    return output;
  },
});

/** Ragged tensors as dense ones. */
export const raggedTensorToTensors: readonly Kernel[] = [raggedTensorToTensor];
