import { Tensor } from '@tensorflow/tfjs-core';
import { GradientError } from './errors.js';

/** A tree of tensors, such as the parameters of a network. */
export interface TensorTree {
  readonly [name: string]: Tensor | TensorTree;
}

/** A leaf of a tree and its path, the names from the root joined by slashes: `encoder/dense_0/kernel`. */
export interface Leaf {
  readonly path: string;
  readonly tensor: Tensor;
}

/**
 * The leaves of a tree with their paths, in order of their names at each level (by code unit), so
 * that equal trees flatten alike however they were built. The tensors are the tree's own.
 */
export function flatten(tree: TensorTree): readonly Leaf[] {
  return Object.keys(tree)
    .sort()
    .flatMap((name) => {
      const child = tree[name]!;
      return child instanceof Tensor
        ? [{ path: name, tensor: child }]
        : flatten(child).map(({ path, tensor }) => ({ path: `${name}/${path}`, tensor }));
    });
}

/** The tensors of a tree, in the order of {@link flatten}. */
export function leaves(tree: TensorTree): Tensor[] {
  return flatten(tree).map(({ tensor }) => tensor);
}

/**
 * The tree shaped like `like` whose leaves, in the order of {@link flatten}, are `tensors`.
 *
 * @throws GradientError when the number of tensors is not the number of leaves.
 */
export function unflatten(like: TensorTree, tensors: readonly Tensor[]): TensorTree {
  let next = 0;
  const fill = (tree: TensorTree): TensorTree =>
    Object.fromEntries(
      Object.keys(tree)
        .sort()
        .map((name) => {
          const child = tree[name]!;
          return [name, child instanceof Tensor ? tensors[next++]! : fill(child)];
        }),
    );
  const filled = fill(like);
  if (next !== tensors.length) {
    throw new GradientError(
      `unflatten: ${tensors.length} tensors for a tree of ${next} leaves; give one tensor a leaf.`,
    );
  }
  return filled;
}
