import { util } from '@tensorflow/tfjs-core';
import type { Machine } from './machine.js';
import { axesOf, type Info } from './windows.js';

/** The most float32 numbers that are added one after the other where nothing keeps what their sum loses: 8·10⁻⁶ of it. */
export const shortSum = 512;

/** Elements of a window. */
export const elementsOf = (info: Info): number =>
  util.sizeFromShape(axesOf(info).map(([, filter]) => filter));

/** How many windows an element may lie in, at most. */
const overlapOf = (info: Info): number =>
  util.sizeFromShape(
    axesOf(info).map(([, filter, stride, dilation, , windows]) =>
      Math.min(windows, dilation === 1 ? Math.ceil(filter / stride) : filter),
    ),
  );

/** Bytes for what the sums over the windows of each of `n` elements lose, where they are long. */
export const lostBytes = (info: Info, n: number): number =>
  overlapOf(info) > shortSum ? n * Float32Array.BYTES_PER_ELEMENT : 0;

/** Room of so many bytes for what sums lose, or 0 where it is none. */
export const lostRoom = (machine: Machine, bytes: number): number =>
  bytes === 0 ? 0 : machine.scratch(bytes);
