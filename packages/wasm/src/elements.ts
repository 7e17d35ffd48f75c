// Elements of tensors of any type, strings and complex numbers included, for kernels that are not worth more.
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { asComplex, asPairs, isComplex } from './complex.js';
import type { Machine } from './machine.js';

/** A tensor whose element i is, for `source(i)` = [k, place], the element of the k-th tensor at that place. */
export function assembled(
  machine: Machine,
  tensors: readonly TensorInfo[],
  shape: readonly number[],
  source: (element: number) => readonly [tensor: number, place: number],
): TensorInfo {
  const [{ dtype }] = tensors as [TensorInfo];
  const size = util.sizeFromShape([...shape]);
  if (dtype === 'string') {
    const strings = tensors.map((tensor) => machine.strings(tensor));
    const found = Array.from({ length: size }, (_, i) => {
      const [k, place] = source(i);
      return strings[k]![place]!;
    });
    return machine.outputOfStrings(shape, found);
  }
  const complex = dtype === 'complex64';
  const width = complex ? 2 : 1;
  const output = complex ? asComplex(machine.output([...shape, 2])) : machine.output(shape, dtype);
  const numbersOf = (x: TensorInfo) => machine.numbers(isComplex(x) ? asPairs(x) : x);
  const [from, to] = [tensors.map(numbersOf), numbersOf(output)];
  for (let i = 0; i < size; i++) {
    const [k, place] = source(i);
    for (let part = 0; part < width; part++) to[i * width + part] = from[k]![place * width + part]!;
  }
  return output;
}

/** The elements from one to the next along each dimension. */
export const stridesOf = (shape: readonly number[]): number[] =>
  shape.map((_, d) => util.sizeFromShape(shape.slice(d + 1)));

/**
 * The elements of x that are met from the place `start` by these steps along the dimensions of `shape`, all counted in
 * elements.
 */
export function stepped(
  machine: Machine,
  x: TensorInfo,
  shape: readonly number[],
  start: number,
  steps: readonly number[],
): TensorInfo {
  const strides = stridesOf(shape);
  return assembled(machine, [x], shape, (element) => {
    let [rest, place] = [element, start];
    for (let d = 0; d < shape.length; d++) {
      place += Math.floor(rest / strides[d]!) * steps[d]!;
      rest %= strides[d]!;
    }
    return [0, place];
  });
}
