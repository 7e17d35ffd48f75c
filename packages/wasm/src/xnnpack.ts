import type { backend_util } from '@tensorflow/tfjs-core';

type Axis = readonly [
  size: number,
  filter: number,
  stride: number,
  dilation: number,
  padding: number,
  windows: number,
];

/**
 * Whether the stock convolutions of images, which are XNNPACK's, are right. They count their windows themselves, and
 * where TensorFlow.js counts more (dimRoundingMode, numeric padding of oblong filters) they write past their output; and
 * they misplace windows that padding 'same' leaves gaps between.
 */
export function isRightInXnnpack(info: backend_util.Conv2DInfo): boolean {
  const { top, bottom, left, right, type } = info.padInfo;
  const axes: readonly Axis[] = [
    [
      info.inHeight,
      info.filterHeight,
      info.strideHeight,
      info.dilationHeight,
      top + bottom,
      info.outHeight,
    ],
    [
      info.inWidth,
      info.filterWidth,
      info.strideWidth,
      info.dilationWidth,
      left + right,
      info.outWidth,
    ],
  ];
  return (
    info.dataFormat === 'channelsLast' &&
    axes.every(([size, filter, stride, dilation, padding, windows]) => {
      const reach = (filter - 1) * dilation + 1;
      const counted = Math.floor((size + padding - reach) / stride) + 1;
      return windows > 0 && counted === windows && (type !== 'SAME' || stride <= reach);
    })
  );
}
