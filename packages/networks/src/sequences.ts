import { formatShape, ShapeError, type Shape } from '@elbo/core';

/** How many places a sequence has, and how many numbers each. */
export type SequenceShape = readonly [length: number, channels: number];

/**
 * The shape as that of sequences.
 *
 * @throws ShapeError that names the layer.
 */
export function sequenceShape(shape: Shape, layer: string): SequenceShape {
  const [length, channels] = shape;
  if (shape.length === 2 && length !== undefined && channels !== undefined)
    return [length, channels];
  throw new ShapeError(
    `${layer}: takes sequences, [length, channels], and not ${formatShape(shape)}; put reshape() before it.`,
  );
}
