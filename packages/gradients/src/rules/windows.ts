import * as tf from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** x with an axis seen alone: [before, size, after]. */
function alone(x: Tensor, axis: number): Tensor {
  const before = tf.util.sizeFromShape(x.shape.slice(0, axis));
  return tf.reshape(x, [before, x.shape[axis]!, -1]);
}

/** x with one axis resized by `f`, which sees it as [before, size, after]. */
function along(x: Tensor, axis: number, f: (x: Tensor) => Tensor): Tensor {
  const y = f(alone(x, axis));
  return tf.reshape(
    y,
    x.shape.map((size, i) => (i === axis ? y.shape[1]! : size)),
  );
}

/**
 * Puts the elements of an axis `step` apart, with zeros between, the first at `begin` of an axis of
 * length `size`; what falls outside is left out. The adjoint of taking every `step`-th element from `begin`.
 */
export function spaceOut(
  x: Tensor,
  axis: number,
  begin: number,
  step: number,
  size: number,
): Tensor {
  return along(x, axis, (flat) => {
    const [before, count, after] = flat.shape as [number, number, number];
    const gaps = tf.pad(tf.reshape(flat, [before, count, 1, after]), [
      [0, 0],
      [0, 0],
      [0, step - 1],
      [0, 0],
    ]);
    const reach = (count - 1) * step + 1;
    const dense = tf.slice(
      tf.reshape(gaps, [before, count * step, after]),
      [0, 0, 0],
      [-1, reach, -1],
    );
    const end = size - begin - reach;
    const padded = tf.pad(dense, [
      [0, 0],
      [Math.max(0, begin), Math.max(0, end)],
      [0, 0],
    ]);
    if (begin >= 0 && end >= 0) return padded;
    return tf.slice(padded, [0, Math.max(0, -begin), 0], [-1, size, -1]);
  });
}

type Info = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/** The windows that a filter or a pool sees, one offset within them at a time. */
interface Windows {
  /** Row and column of each element of a window. */
  readonly offsets: readonly (readonly [number, number])[];
  /** x [B, H, W, C], padded or cropped so that the first window starts at its corner. */
  frame(x: Tensor, padding?: number): Tensor;
  /** The element at an offset of every window of a frame, [B, outH, outW, C]. */
  pick(frame: Tensor, offset: readonly [number, number]): Tensor;
  /** The adjoint of `pick` and `frame`: elements put back in their places among zeros, [B, H, W, C]. */
  place(elements: Tensor, offset: readonly [number, number]): Tensor;
}

/** Windows as a convolution or a pool of these numbers sees them. */
export function windows(g: Info): Windows {
  const { top, left } = g.padInfo;
  const rows = (g.outHeight - 1) * g.strideHeight + g.effectiveFilterHeight;
  const columns = (g.outWidth - 1) * g.strideWidth + g.effectiveFilterWidth;
  // Padding of the frame that gives back x, where the frame cropped it.
  const below = Math.max(0, g.inHeight - (rows - top));
  const beside = Math.max(0, g.inWidth - (columns - left));
  const offsets = Array.from(
    { length: g.filterHeight * g.filterWidth },
    (_, i): readonly [number, number] => [
      Math.floor(i / g.filterWidth) * g.dilationHeight,
      (i % g.filterWidth) * g.dilationWidth,
    ],
  );
  return {
    offsets,
    frame: (x, padding = 0) => {
      const padded = tf.pad(
        x,
        [
          [0, 0],
          [top, Math.max(0, rows - top - g.inHeight)],
          [left, Math.max(0, columns - left - g.inWidth)],
          [0, 0],
        ],
        padding,
      );
      return tf.slice(padded, [0, 0, 0, 0], [-1, rows, columns, -1]);
    },
    pick: (frame, [row, column]) =>
      tf.stridedSlice(
        frame,
        [0, row, column, 0],
        [
          frame.shape[0],
          row + (g.outHeight - 1) * g.strideHeight + 1,
          column + (g.outWidth - 1) * g.strideWidth + 1,
          frame.shape[3]!,
        ],
        [1, g.strideHeight, g.strideWidth, 1],
      ),
    place: (elements, [row, column]) => {
      const tall = spaceOut(elements, 1, row, g.strideHeight, rows + below);
      const wide = spaceOut(tall, 2, column, g.strideWidth, columns + beside);
      return tf.slice(wide, [0, top, left, 0], [-1, g.inHeight, g.inWidth, -1]);
    },
  };
}
