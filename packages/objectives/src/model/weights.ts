import {
  FileError,
  formatShape,
  parametersLike,
  printable,
  sameShape,
  type HostTensor,
  type Shape,
} from '@elbo/core';
import { key } from '@elbo/random';
import { dispose, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Model } from './model.js';
import type { ModelParams, Primal } from './params.js';

/** Parameters as arrays by path: `decoder/head/kernel`, of an adversary `dual/kl/…`. */
export type Weights = ReadonlyMap<string, HostTensor>;

/** What a model is told of its data. */
export interface DataForm {
  readonly shape: Shape;
  /** The size of a row's condition, when rows have one. */
  readonly conditions?: number | undefined;
}

/**
 * Parameters of a model on the device; they are the caller's.
 *
 * @param parts Those of `encoder`, `decoder`, `prior` and `dual` that are there, each whole; by default all.
 * @param where Names the file in errors.
 * @throws FileError that names the first array which is missing, unexpected or of another shape; nothing is left on the device.
 */
export function weightsFrom(
  model: Model,
  { shape: rows, conditions }: DataForm,
  weights: Weights,
  where: string,
  parts?: readonly string[],
): ModelParams {
  const unused = new Set(weights.keys());
  const made: Tensor[] = [];
  const misfit = (path: string, wrong: string): never => {
    throw new FileError(`${where} does not fit this model: tensor '${printable(path)}' ${wrong}.`);
  };
  const init = (): Record<string, Primal[string]> => {
    const condition = conditions === undefined ? undefined : [conditions];
    const { primal, dual } = model.init(key(0), rows, condition);
    const all = Object.entries({ ...primal, dual });
    return Object.fromEntries(all.filter(([part]) => !parts || parts.includes(part)));
  };
  try {
    const tree = parametersLike(init, (path, shape) => {
      const found = weights.get(path) ?? misfit(path, 'is missing');
      if (!sameShape(found.shape, shape))
        misfit(path, `has shape ${formatShape(found.shape)}, not ${formatShape(shape)}`);
      unused.delete(path);
      const leaf = tensor(found.values, [...shape], 'float32');
      made.push(leaf);
      return leaf;
    });
    const [extra] = unused;
    if (extra !== undefined) misfit(extra, 'is none of its parameters');
    const { dual = {}, ...primal } = tree;
    return { primal: primal as Primal, dual: dual as ModelParams['dual'] };
  } catch (error) {
    dispose(made);
    throw error;
  }
}
