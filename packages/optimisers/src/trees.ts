import { flatten, sameShape, ShapeError, treeMismatch, type Params } from '@elbo/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The leaves of the parameters, and those of trees that must be shaped like them, in one order.
 *
 * @throws ShapeError that names the tree and the leaf that differs.
 */
export function alignedLeaves<Name extends string>(
  where: string,
  params: Params,
  trees: Readonly<Record<Name, Params>>,
): { readonly params: Tensor[] } & Readonly<Record<Name, Tensor[]>> {
  const expected = flatten(params);
  const lists = Object.entries<Params>(trees).map(([name, tree]) => {
    const actual = flatten(tree);
    const fits =
      actual.length === expected.length &&
      actual.every(({ path, tensor }, i) => {
        const leaf = expected[i]!;
        return path === leaf.path && sameShape(tensor.shape, leaf.tensor.shape);
      });
    if (!fits) {
      const mismatch = treeMismatch(params, tree) ?? 'its leaves are in another order';
      throw new ShapeError(
        `${where}: the tree '${name}' does not fit the parameters: ${mismatch}.`,
      );
    }
    return [name, actual.map(({ tensor }) => tensor)] as const;
  });
  return {
    params: expected.map(({ tensor }) => tensor),
    ...(Object.fromEntries(lists) as Record<Name, Tensor[]>),
  };
}
