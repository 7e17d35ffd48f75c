import {
  broadcast_util,
  util,
  type FillAttrs,
  type SparseToDenseAttrs,
  type StaticRegexReplaceAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Attrs, Inputs } from '../kernel_arguments.js';
import type { Machine } from '../machine.js';
import { broadcastPlaces } from '../matrices.js';
import type { Tensors } from '../types.js';

const isString = ({ dtype }: TensorInfo): boolean => dtype === 'string';

const decoded = (machine: Machine, x: TensorInfo): string[] =>
  machine.strings(x).map((bytes) => util.decodeString(bytes));

type Pair = Tensors<'a' | 'b'>;

const comparison = (name: string, holds: (a: string, b: string) => boolean): Kernel =>
  kernel<Pair, unknown>({
    name,
    takes: ({ a, b }) => isString(a) && isString(b),
    run: (machine, { a, b }) => {
      const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const output = machine.output(shape, 'bool');
      const [ofA, ofB] = [decoded(machine, a), decoded(machine, b)];
      const [placesA, placesB] = [broadcastPlaces(a.shape, shape), broadcastPlaces(b.shape, shape)];
      const to = machine.numbers(output);
      for (let i = 0; i < to.length; i++) to[i] = Number(holds(ofA[placesA(i)]!, ofB[placesB(i)]!));
      return output;
    },
  });

const fill = kernel<object, FillAttrs>({
  name: 'Fill',
  takes: (_, { value }) => typeof value === 'string',
  run: (machine, _, { shape, value }) => {
    const bytes = util.encodeString(value as string);
    return machine.outputOfStrings(
      shape,
      Array.from({ length: util.sizeFromShape(shape) }, () => bytes),
    );
  },
});

const staticRegexReplace = kernel<Tensors<'x'>, StaticRegexReplaceAttrs>({
  name: 'StaticRegexReplace',
  run: (machine, { x }, { pattern, rewrite, replaceGlobal }) => {
    const expression = new RegExp(pattern, replaceGlobal ? 'g' : '');
    return machine.outputOfStrings(
      x.shape,
      decoded(machine, x).map((text) => util.encodeString(text.replace(expression, rewrite))),
    );
  },
});

/** The places of a tensor's elements, in its shape. */
function placesOf(machine: Machine, { shape }: TensorInfo): TensorInfo {
  const places = machine.output(shape, 'int32');
  const numbers = machine.numbers(places);
  for (let i = 0; i < numbers.length; i++) numbers[i] = i;
  return places;
}

/** The strings at places, which are freed; `otherwise` where a place is −1. */
function atPlaces(
  machine: Machine,
  strings: readonly Uint8Array[],
  places: TensorInfo,
  otherwise?: Uint8Array,
): TensorInfo {
  const found = Array.from(machine.numbers(places), (place) => strings[place] ?? otherwise!);
  machine.free(places);
  return machine.outputOfStrings(places.shape, found);
}

/** A kernel that moves the elements of its input `key`: it moves their places, and strings follow. */
const moving = (name: string, key: string): Kernel => ({
  name,
  takes: (inputs) => isString(inputs[key]!),
  run: (machine, inputs: Inputs, attrs: Attrs) => {
    const x = inputs[key]!;
    const places = placesOf(machine, x);
    const moved = machine.call(name, { ...inputs, [key]: places }, attrs);
    machine.free(places);
    return atPlaces(machine, machine.strings(x), moved);
  },
});

type Sparse = Tensors<'sparseIndices' | 'sparseValues' | 'defaultValue'>;

const sparseToDense = kernel<Sparse, SparseToDenseAttrs>({
  name: 'SparseToDense',
  takes: ({ sparseValues }) => isString(sparseValues),
  run: (machine, { sparseIndices, sparseValues, defaultValue }, attrs) => {
    const places = placesOf(machine, sparseValues);
    const none = machine.output(defaultValue.shape, 'int32');
    machine.numbers(none).fill(-1);
    const dense = machine.call(
      'SparseToDense',
      { sparseIndices, sparseValues: places, defaultValue: none },
      { ...attrs },
    );
    machine.free(places);
    machine.free(none);
    const [otherwise] = machine.strings(defaultValue);
    return atPlaces(machine, machine.strings(sparseValues), dense, otherwise);
  },
});

/** Kernels of strings, which lie outside the memory. */
export const stringKernels: readonly Kernel[] = [
  comparison('Equal', (a, b) => a === b),
  comparison('NotEqual', (a, b) => a !== b),
  comparison('Less', (a, b) => a < b),
  comparison('LessEqual', (a, b) => a <= b),
  comparison('Greater', (a, b) => a > b),
  comparison('GreaterEqual', (a, b) => a >= b),
  fill,
  staticRegexReplace,
  moving('GatherNd', 'params'),
  moving('Slice', 'x'),
  moving('Tile', 'x'),
  sparseToDense,
];
