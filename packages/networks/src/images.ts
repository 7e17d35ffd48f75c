import { formatShape, ShapeError, type Shape } from '@elbo/core';

/** Whether a convolution pads its input so that stride 1 keeps its size, or not at all. */
export type Padding = 'same' | 'valid';

/** Height, width and channels. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/**
 * The shape as that of images.
 *
 * @throws ShapeError that names the layer.
 */
export function imageShape(shape: Shape, layer: string): ImageShape {
  const [height, width, channels] = shape;
  if (shape.length === 3 && height !== undefined && width !== undefined && channels !== undefined)
    return [height, width, channels];
  throw new ShapeError(
    `${layer}: takes images, [height, width, channels], and not ${formatShape(shape)}; put reshape() before it.`,
  );
}
