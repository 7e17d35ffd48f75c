import {
  disposeTree,
  flatten,
  leaves,
  unflatten,
  type Leaf,
  type Params,
  type Shape,
} from '@elbo/core';
import { concat, getBackend, reshape, split, tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { Optimiser, Stepped } from './optimiser.js';
import { alignedLeaves } from './trees.js';

/** The name under which a tree holds all leaves of another as one vector, in their order. */
const all = '*';

/** Backends on which an operation on a small tensor costs as much as on a large one, and reshaping nothing. */
const launchBound: readonly string[] = ['webgpu', 'webgl'];

const isVector = (tree: Params): boolean => Object.hasOwn(tree, all);

/** The vector of tensors; the caller's. */
function toVector(tensors: readonly Tensor[]): Tensor {
  return tidy(() => concat(tensors.map((tensor) => reshape(tensor, [tensor.size]))));
}

/** The tensors of a vector, shaped like others; the caller's. */
function fromVector(vector: Tensor, like: readonly Tensor[]): Tensor[] {
  const sizes = like.map(({ size }) => size);
  return tidy(() => split(vector, sizes).map((part, i) => reshape(part, like[i]!.shape)));
}

const mapEntries = (state: Params, f: (tree: Params) => Params): Params =>
  Object.fromEntries(Object.entries(state).map(([name, tree]) => [name, f(tree as Params)]));

/** A leaf of a tree: where it lies in the vector that stands for the tree, by the first number and the one after the last. */
export interface VectorPart {
  readonly path: string;
  readonly shape: Shape;
  readonly from: number;
  readonly to: number;
}

/**
 * What a leaf of an optimiser's state stands for, by the paths in the state: itself, or where it is a vector, all leaves
 * of a tree like the parameters.
 */
export function vectorParts({ path, tensor }: Leaf, params: Params): readonly VectorPart[] {
  if (!path.endsWith(all)) return [{ path, shape: tensor.shape, from: 0, to: tensor.size }];
  let to = 0;
  return flatten(params).map(({ path: name, tensor: { shape, size } }) => {
    const from = to;
    to += size;
    return { path: path.slice(0, -all.length) + name, shape, from, to };
  });
}

/** The state with a vector in the place of each tree that is not one yet; consumes those. */
function withVectors(state: Params): Params {
  return mapEntries(state, (tree) => {
    if (isVector(tree)) return tree;
    const vector = toVector(leaves(tree));
    disposeTree(tree);
    return { [all]: vector };
  });
}

/** The state with a tree in the place of each vector; consumes those. */
function withTrees(state: Params, params: Params): Params {
  return mapEntries(state, (tree) => {
    if (!isVector(tree)) return tree;
    const parts = fromVector(tree[all] as Tensor, leaves(params));
    disposeTree(tree);
    return unflatten(params, parts);
  });
}

/** A step over one vector of all parameters. */
function vectorStep(
  { config, step: inner }: Pick<Optimiser, 'config' | 'step'>,
  gradients: Params,
  state: Params,
  params: Params,
  step: number,
): Stepped {
  const trees = Object.entries(state as Readonly<Record<string, Params>>);
  try {
    const lists = alignedLeaves(config.kind, params, {
      gradients,
      ...Object.fromEntries(trees.filter(([, tree]) => !isVector(tree))),
    });
    const vector = toVector(lists.params);
    const next = inner(
      { [all]: toVector(lists.gradients) },
      withVectors(state),
      { [all]: vector },
      step,
    );
    vector.dispose();
    const fresh = next.params[all] as Tensor;
    const parts = fromVector(fresh, lists.params);
    fresh.dispose();
    return { params: unflatten(params, parts), state: next.state };
  } finally {
    disposeTree(gradients);
  }
}

/**
 * An optimiser whose rule treats every number alike, and whose state is trees like the parameters. Where each launch
 * costs more than what it computes, it steps over vectors of all parameters: a dozen launches, where each tensor would
 * take as many. Its state is vectors then, one in each tree, and turns into trees again on another backend; a checkpoint
 * has the trees (`vectorParts`).
 *
 * @param on The backends on which it does so.
 */
export function flat(optimiser: Optimiser, on: readonly string[] = launchBound): Optimiser {
  const { config, step: plain, scaledStep } = optimiser;
  const choose =
    (inner: Optimiser['step']): Optimiser['step'] =>
    (gradients, state, params, step) =>
      on.includes(getBackend()) && leaves(params).length > 1
        ? vectorStep({ config, step: inner }, gradients, state, params, step)
        : inner(gradients, withTrees(state, params), params, step);
  return {
    ...optimiser,
    step: choose(plain),
    ...(scaledStep && {
      scaledStep: (gradients, scale, ...rest) =>
        choose((own, ...others) => scaledStep(own, scale, ...others))(gradients, ...rest),
    }),
  };
}
