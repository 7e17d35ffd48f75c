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
  const found: Leaf[] = [];
  visit(tree, '', (tensor, path) => found.push({ path, tensor }));
  return found;
}

/** Every training step walks its trees many times, so a walk makes nothing of its own. */
function visit(tree: TensorTree, prefix: string, f: (tensor: Tensor, path: string) => void): void {
  for (const name of Object.keys(tree).sort()) {
    const child = tree[name]!;
    if (child instanceof Tensor) f(child, prefix + name);
    else visit(child, `${prefix}${name}/`, f);
  }
}

/** The tensors of a tree, in the order of {@link flatten}. */
export function leaves(tree: TensorTree): Tensor[] {
  const found: Tensor[] = [];
  visit(tree, '', (tensor) => found.push(tensor));
  return found;
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
