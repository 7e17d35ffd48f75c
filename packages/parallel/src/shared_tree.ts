import { key } from '@elbo/random';
import type { Model } from '@elbo/objectives';
import { conditionShape, type Dataset } from '@elbo/datasets';
import { flatten, sizeOf, type Params, type Shape } from '@elbo/core';
import { heapValues } from '@elbo/wasm';
import { tidy, type Tensor } from '@tensorflow/tfjs-core';

/** Where the leaves of a tree lie in flat memory: one after the other, in the order of `flatten`. */
export type Layout = readonly { readonly path: string; readonly shape: Shape }[];

/** Parameters of both players, of which the structure counts. The caller's. */
export function skeleton(model: Model, data: Dataset): Params {
  return tidy(() => ({ ...model.init(key(0), data.shape, conditionShape(data)) }));
}

/** The layout of a tree's leaves. */
export function layoutOf(tree: Params): Layout {
  return flatten(tree).map(({ path, tensor: { shape } }) => ({ path, shape }));
}

/** Memory that threads share for a tree of this layout. */
export function sharedMemory(layout: Layout): SharedArrayBuffer {
  const values = layout.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return new SharedArrayBuffer(values * Float32Array.BYTES_PER_ELEMENT);
}

/** The leaves of a tree in shared memory, by path. */
export function sharedLeaves(
  layout: Layout,
  memory: SharedArrayBuffer,
): ReadonlyMap<string, Float32Array> {
  let from = 0;
  return new Map(
    layout.map(({ path, shape }) => {
      const leaf = new Float32Array(memory, from * Float32Array.BYTES_PER_ELEMENT, sizeOf(shape));
      from += leaf.length;
      return [path, leaf] as const;
    }),
  );
}

/** Copies a tensor's values to where threads share them. */
export async function share(tensor: Tensor, leaf: Float32Array): Promise<void> {
  leaf.set(heapValues(tensor) ?? (await tensor.data<'float32'>()));
}
