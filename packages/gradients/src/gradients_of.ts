import { clone, Tensor, zeros, type Scalar } from '@tensorflow/tfjs-core';
import { backpropagate } from './backward.js';
import { GradientError } from './errors.js';
import { taped, type TapeNode } from './tape.js';
import { flatten, unflatten, type TensorTree } from './tree.js';

/** A loss and its gradients. All tensors are the caller's. */
export interface Differentiated {
  /** The loss. */
  readonly value: Scalar;
  /** Its gradient with respect to each leaf, in the structure of the tree; zeros where unreached. */
  readonly gradients: TensorTree;
  /** Paths of the leaves that the loss does not depend on. */
  readonly unreached: readonly string[];
}

function checked(name: string, loss: Scalar | undefined): Scalar {
  if (!(loss instanceof Tensor)) {
    throw new GradientError(
      `gradientsOf: loss '${name}' is not a tensor; the closure must return a scalar for each tree, and not a promise.`,
    );
  }
  if (loss.rank !== 0 || loss.dtype !== 'float32') {
    throw new GradientError(
      `gradientsOf: loss '${name}' is ${loss.dtype} of shape [${loss.shape.join()}]; ` +
        'a loss is a float32 scalar: take its tf.sum or tf.mean.',
    );
  }
  return loss;
}

function differentiate(
  name: string,
  nodes: readonly TapeNode[],
  loss: Scalar,
  tree: TensorTree,
): Differentiated {
  const all = flatten(tree);
  for (const { path, tensor } of all) {
    if (!tensor.isDisposed) continue;
    throw new GradientError(
      `gradientsOf: leaf '${path}' of '${name}' is disposed; pass trees that are alive.`,
    );
  }
  const found = backpropagate(
    nodes,
    loss,
    all.map(({ tensor }) => tensor),
  );
  const gradients = found.map((gradient, i) => gradient ?? zeros(all[i]!.tensor.shape));
  return {
    value: clone(loss),
    gradients: unflatten(tree, gradients),
    unreached: all.filter((_, i) => found[i] === undefined).map(({ path }) => path),
  };
}

/**
 * Differentiates each loss with respect to its own tree, and to no other, after one forward pass.
 *
 * `losses` is called once and returns one scalar for each tree, under the same name. It must
 * compute them from the leaves: what was computed before the call has no gradient. What the
 * closure makes is disposed, but for tensors it keeps with `tf.keep`. The call may stand inside
 * another closure of `gradientsOf` or `inputGradient`, and its gradients are then differentiable.
 * When anything throws, the tape and all it saved are freed.
 *
 * @throws GradientError when a loss is no float32 scalar, when names do not match, when a leaf is
 * disposed, or when an operation has no gradient.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { gradientsOf } from '@elbo/gradients';
 * import { square, sum, tensor1d, type Scalar } from '@tensorflow/tfjs-core';
 *
 * await selectBackend({ backend: 'cpu' });
 * const params = { w: tensor1d([1, 2]) };
 * const { player } = gradientsOf(() => ({ player: sum<Scalar>(square(params.w)) }), { player: params });
 * console.log(String(player.gradients.w)); // Tensor [2, 4]
 * ```
 */
export function gradientsOf<Name extends string>(
  losses: () => Readonly<Record<Name, Scalar>>,
  trees: Readonly<Record<Name, TensorTree>>,
): Readonly<Record<Name, Differentiated>> {
  return taped(losses, (values, nodes) => {
    const names = Object.keys(trees) as Name[];
    const extra = Object.keys(values).find((name) => !Object.hasOwn(trees, name));
    if (extra !== undefined) {
      throw new GradientError(
        `gradientsOf: loss '${extra}' has no tree; give one under that name, or leave the loss out.`,
      );
    }
    const entries = names.map((name) => {
      const loss = checked(name, values[name]);
      return [name, differentiate(name, nodes, loss, trees[name])] as const;
    });
    return Object.fromEntries(entries) as Readonly<Record<Name, Differentiated>>;
  });
}
