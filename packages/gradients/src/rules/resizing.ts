import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor, Tensor4D } from '@tensorflow/tfjs-core';
import { rule } from './rule.js';

interface Resize {
  readonly size: [number, number];
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

type Resizer = typeof tf.image.resizeBilinear;

/** The weights with which the kernel mixes `length` elements into `count`, [count, length]. */
function weights(resize: Resizer, length: number, count: number, axis: 1 | 2, a: Resize): Tensor {
  const unit = tf.reshape(
    tf.eye(length),
    axis === 1 ? [1, length, 1, length] : [1, 1, length, length],
  );
  const size: [number, number] = axis === 1 ? [count, 1] : [1, count];
  const mixed = resize(unit as Tensor4D, size, a.alignCorners, a.halfPixelCenters);
  return tf.reshape(mixed, [count, length]);
}

/** dy with the resizing of one axis undone, in the sense of the adjoint: a product with the weights. */
function unresize(resize: Resizer, dy: Tensor, length: number, axis: 1 | 2, a: Resize): Tensor {
  const order = axis === 1 ? [1, 0, 2, 3] : [2, 0, 1, 3];
  const back = axis === 1 ? [1, 0, 2, 3] : [1, 2, 0, 3];
  const count = dy.shape[axis]!;
  const first = tf.transpose(dy, order);
  const mixing = tf.transpose(weights(resize, length, count, axis, a));
  const product = tf.matMul(mixing, tf.reshape(first, [count, -1]));
  return tf.transpose(tf.reshape(product, [length, ...first.shape.slice(1)]), back);
}

/**
 * Resizing is linear, and works on rows and columns apart. tfjs's gradient kernels are wrong on the
 * cpu backend (nearest neighbour; bilinear when height and width differ) and have no gradient.
 */
const resizing = (kernelName: string, resize: Resizer): GradConfig =>
  rule<Resize>(kernelName, {
    inputs: ['images'],
    gradient: (dy, [images], a) => ({
      images: () =>
        unresize(resize, unresize(resize, dy, images!.shape[1]!, 1, a), images!.shape[2]!, 2, a),
    }),
  });

/** Images resized. */
export const resizingRules: readonly GradConfig[] = [
  resizing('ResizeBilinear', tf.image.resizeBilinear),
  resizing('ResizeNearestNeighbor', tf.image.resizeNearestNeighbor),
];
