import { flatten, leaves, unflatten, type TensorTree } from '@elbo/gradients';
import { dispose, keep, zerosLike, Tensor, type Rank } from '@tensorflow/tfjs-core';
import { ConfigError } from './errors.js';
import { sameShape, formatShape, type Shape } from './shapes.js';

/** An immutable tree of named float32 tensors: a model's parameters, their gradients, an optimiser's moments. */
export type Params = TensorTree;

/**
 * The tree of `f(leaf, path)` of every leaf; the path is slash-joined, `encoder/dense_0/kernel`.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { countParams, mapTree } from '@elbo/core';
 * import { mul, tensor1d, zeros } from '@tensorflow/tfjs-core';
 *
 * await selectBackend({ backend: 'cpu' });
 * const params = { dense_0: { kernel: zeros([2, 3]), bias: tensor1d([1, 2, 3]) } };
 * console.log(countParams(params)); // 9
 * console.log(Object.keys(mapTree(params, (leaf) => mul(leaf, 2)).dense_0!)); // [ 'bias', 'kernel' ]
 * ```
 */
export function mapTree(tree: Params, f: (tensor: Tensor, path: string) => Tensor): Params {
  return unflatten(
    tree,
    flatten(tree).map(({ tensor, path }) => f(tensor, path)),
  );
}

/** A tree of zeros with the structure of `tree`. */
export function zerosLikeTree(tree: Params): Params {
  return mapTree(tree, (tensor) => zerosLike(tensor));
}

/** Disposes every leaf. */
export function disposeTree(tree: Params): void {
  dispose(leaves(tree));
}

/** Protects every leaf from the enclosing `tf.tidy`; returns the tree. */
export function keepTree<T extends Params>(tree: T): T {
  for (const tensor of leaves(tree)) keep(tensor);
  return tree;
}

/** The number of scalars in a tree. */
export function countParams(tree: Params): number {
  return leaves(tree).reduce((count, tensor) => count + tensor.size, 0);
}

function nodeAt(tree: Params, path: string): Tensor | Params {
  let node: Tensor | Params = tree;
  for (const name of path.split('/')) {
    const next: Tensor | Params | undefined =
      node instanceof Tensor || !Object.hasOwn(node, name) ? undefined : node[name];
    if (next === undefined) {
      const known = node instanceof Tensor ? 'a tensor' : Object.keys(node).join(', ') || 'nothing';
      throw new ConfigError(`No parameter '${path}': in the place of '${name}' there is ${known}.`);
    }
    node = next;
  }
  return node;
}

/**
 * The leaf at `path`, such as `dense_0/kernel`; of the rank that is wanted where it is used, unchecked.
 *
 * @throws ConfigError that names a wrong path.
 */
export function tensorAt<R extends Rank>(tree: Params, path: string): Tensor<R> {
  const node = nodeAt(tree, path);
  if (!(node instanceof Tensor))
    throw new ConfigError(`'${path}' is a group of parameters, not a tensor.`);
  return node as Tensor<R>;
}

/**
 * The subtree at `path`.
 *
 * @throws ConfigError that names a wrong path.
 */
export function paramsAt(tree: Params, path: string): Params {
  const node = nodeAt(tree, path);
  if (node instanceof Tensor)
    throw new ConfigError(`'${path}' is a tensor, not a group of parameters.`);
  return node;
}

/** What differs in structure or shape between two trees, in words; `undefined` when nothing does. */
export function treeMismatch(expected: Params, actual: Params): string | undefined {
  const shapes = new Map<string, Shape>(
    flatten(actual).map(({ path, tensor }) => [path, tensor.shape]),
  );
  for (const { path, tensor } of flatten(expected)) {
    const shape = shapes.get(path);
    if (!shape) return `'${path}' is missing`;
    if (!sameShape(shape, tensor.shape))
      return `'${path}' has shape ${formatShape(shape)}, not ${formatShape(tensor.shape)}`;
    shapes.delete(path);
  }
  const [extra] = shapes.keys();
  return extra === undefined ? undefined : `'${extra}' is not expected`;
}
