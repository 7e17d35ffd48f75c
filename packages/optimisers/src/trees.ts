import { sameShape, ShapeError, treeMismatch, type Params } from '@elbo/core';
import { Tensor } from '@tensorflow/tfjs-core';

/** Adds the leaves of trees of one structure to their lists, in the order of `flatten`. False where they differ. */
function collect(trees: readonly Params[], lists: readonly Tensor[][]): boolean {
  const names = Object.keys(trees[0]!).sort();
  return (
    trees.every((tree) => Object.keys(tree).length === names.length) &&
    names.every((name) => {
      const nodes = trees.map((tree) => tree[name]);
      const [first] = nodes;
      if (!(first instanceof Tensor)) {
        const groups = nodes.filter((node) => node !== undefined && !(node instanceof Tensor));
        return groups.length === trees.length && collect(groups as Params[], lists);
      }
      return nodes.every((node, i) => {
        const fits = node instanceof Tensor && sameShape(node.shape, first.shape);
        if (fits) lists[i]!.push(node);
        return fits;
      });
    })
  );
}

/**
 * The leaves of the parameters, and those of trees that must be shaped like them, in the order of `flatten`.
 *
 * @throws ShapeError that names the tree and the leaf that differs.
 */
export function alignedLeaves<Name extends string>(
  where: string,
  params: Params,
  trees: Readonly<Record<Name, Params>>,
): { readonly params: Tensor[] } & Readonly<Record<Name, Tensor[]>> {
  const entries = Object.entries<Params>({ params, ...trees });
  const lists = entries.map((): Tensor[] => []);
  const aligned = collect(
    entries.map(([, tree]) => tree),
    lists,
  );
  if (!aligned) {
    const mismatches = entries.map(([name, tree]) => [name, treeMismatch(params, tree)] as const);
    const [name, mismatch] = mismatches.find(([, difference]) => difference !== undefined)!;
    throw new ShapeError(`${where}: the tree '${name}' does not fit the parameters: ${mismatch}.`);
  }
  return Object.fromEntries(entries.map(([name], i) => [name, lists[i]])) as {
    readonly params: Tensor[];
  } & Readonly<Record<Name, Tensor[]>>;
}
