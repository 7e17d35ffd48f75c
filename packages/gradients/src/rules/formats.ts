import { transpose, type backend_util, type Tensor } from '@tensorflow/tfjs-core';

/** Where the images of an operation have their channels. */
export interface Format {
  readonly dataFormat?: 'NHWC' | 'NCHW';
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding;
}

/** Images in the order of axes that the rules know, channels last. */
export const last = (x: Tensor, { dataFormat }: Format): Tensor =>
  dataFormat === 'NCHW' ? transpose(x, [0, 2, 3, 1]) : x;

/** Images with channels last in the order of the operation. */
export const back = (x: Tensor, { dataFormat }: Format): Tensor =>
  dataFormat === 'NCHW' ? transpose(x, [0, 3, 1, 2]) : x;

/** The attributes of the same operation on images with channels last. */
export function ofLast<Attrs extends Format>(attrs: Attrs): Attrs {
  const { dataFormat, pad } = attrs;
  if (dataFormat !== 'NCHW') return attrs;
  const [batch, channels, height, width] = typeof pad === 'object' ? pad : [];
  const explicit = [batch, height, width, channels] as backend_util.ExplicitPadding;
  return { ...attrs, dataFormat: 'NHWC', pad: typeof pad === 'object' ? explicit : pad };
}
