import { util, type backend_util } from '@tensorflow/tfjs-core';
import type { Machine } from './machine.js';

/** How a convolution or a pool moves over images or volumes, as `backend_util.computeConv2DInfo` and its kin tell it. */
export type Info = backend_util.Conv2DInfo | backend_util.Conv3DInfo;

/** One dimension: in the order that the side module reads. */
type Axis = readonly [
  size: number,
  filter: number,
  stride: number,
  dilation: number,
  before: number,
  windows: number,
];

/** Room for what the side module notes on an axis: window, start, first and end. */
const cursor = [0, 0, 0, 0];
const single: Axis = [1, 1, 1, 1, 0, 1];

const depthOf = (info: Info): Axis =>
  'inDepth' in info
    ? [
        info.inDepth,
        info.filterDepth,
        info.strideDepth,
        info.dilationDepth,
        info.padInfo.front,
        info.outDepth,
      ]
    : single;

const heightOf = (info: Info): Axis => [
  info.inHeight,
  info.filterHeight,
  info.strideHeight,
  info.dilationHeight,
  info.padInfo.top,
  info.outHeight,
];

const widthOf = (info: Info): Axis => [
  info.inWidth,
  info.filterWidth,
  info.strideWidth,
  info.dilationWidth,
  info.padInfo.left,
  info.outWidth,
];

/** Depth, height and width. */
export const axesOf = (info: Info): Axis[] => [depthOf(info), heightOf(info), widthOf(info)];

/** Windows in the side module's memory. */
export interface Windows {
  /** Where they are written, until the next are. */
  readonly address: number;
  /** How many there are. */
  readonly count: number;
  /** Numbers of one. */
  readonly size: number;
}

/** Writes windows over `channels` channels to where the side module reads them (assembly/windows/windows.ts). */
export function writeWindows(
  machine: Machine,
  info: Info,
  channels: number = info.inChannels,
): Windows {
  const axes = axesOf(info);
  const counts = axes.map((axis) => axis[5]);
  util.assert(
    counts.every((count) => count >= 0),
    () =>
      `A window of ${axes.map((axis) => axis[1]).join(' × ')} elements does not fit into ` +
      `${axes.map((axis) => axis[0]).join(' × ')} (depth, height, width): pad it, or make the window smaller.`,
  );
  const address = machine.write([
    info.batchSize,
    channels,
    0,
    ...axes.flatMap((axis) => [...axis, ...cursor]),
  ]);
  return {
    address,
    count: info.batchSize * util.sizeFromShape(counts),
    size: channels * util.sizeFromShape(axes.map((axis) => axis[1])),
  };
}

/** The shape of the output, channels last, whatever the format of the info. */
export function outputShape(info: Info): number[] {
  const { batchSize, outHeight, outWidth, outChannels } = info;
  const depth = 'outDepth' in info ? [info.outDepth] : [];
  return [batchSize, ...depth, outHeight, outWidth, outChannels];
}
