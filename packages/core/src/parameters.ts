import { leaves, scope } from '@elbo/gradients';
import { Tensor } from '@tensorflow/tfjs-core';
import { MemoryError } from './errors.js';
import { formatShape, sizeOf, type Shape } from './shapes.js';
import { disposeTree, mapTree, type Params } from './trees.js';

/** Bytes of the largest tensor: WebAssembly addresses as many in all. */
const most = 2 ** 32;

/** `1.5 GB`. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;
  const unit = bytes < 1000 ? 0 : Math.min(5, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** unit).toPrecision(3))} ${units[unit]!}`;
}

/** How many numbers are left, while they are counted. */
let counting: { left: number; readonly of: number } | undefined;

/**
 * A tensor of parameters, made by `make`. What makes one of a size that its options choose makes it by this, so that a
 * model's parameters can be counted without being made.
 *
 * @throws MemoryError for one that no backend can hold, or, while they are counted, when there are more than there may be.
 */
export function parameter(shape: Shape, make: () => Tensor): Tensor {
  const size = sizeOf(shape);
  if (!counting) {
    if (4 * size > most)
      throw new MemoryError(
        `Parameters of shape ${formatShape(shape)} take ${formatBytes(4 * size)}, and a tensor has ${formatBytes(most)} at most: make the layer smaller.`,
      );
    return make();
  }
  counting.left -= size;
  if (counting.left < 0)
    throw new MemoryError(
      `Parameters of shape ${formatShape(shape)} take ${formatBytes(4 * size)} by themselves, and all parameters may take ${formatBytes(4 * counting.of)}: make the layer smaller.`,
    );
  // It has a shape and no values: nothing reads them.
  return new Tensor([...shape], 'float32', {}, -1);
}

/** The parameters that `init` makes, as leaves that have a shape and, the larger ones, no values. */
function withoutValues(init: () => Params, most: number): Params {
  const before = counting;
  counting = { left: most, of: most };
  try {
    return scope(init);
  } finally {
    counting = before;
  }
}

/**
 * How many numbers the parameters have that `init` makes: without making them.
 *
 * @throws MemoryError when there are more than `atMost`.
 */
export function countParameters(init: () => Params, atMost?: number): number {
  const tree = withoutValues(init, atMost ?? Infinity);
  const numbers = leaves(tree).reduce((sum, { size }) => sum + size, 0);
  disposeTree(tree);
  return numbers;
}

/**
 * A tree with the structure and shapes of the parameters that `init` makes, whose leaves are what `make` gives for a path: the
 * parameters themselves are not made.
 */
export function parametersLike(
  init: () => Params,
  make: (path: string, shape: Shape) => Tensor,
): Params {
  const like = withoutValues(init, Infinity);
  try {
    return mapTree(like, ({ shape }, path) => make(path, shape));
  } finally {
    disposeTree(like);
  }
}
