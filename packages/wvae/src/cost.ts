import {
  category,
  defineKind,
  flattenBatch,
  type Category,
  type Config,
  type Kind,
} from '@elbo/core';
import { abs, square, sub, sum, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';

/** A cost c(x, y) of moving x to y, that the decoder is trained to make small. */
export interface Cost {
  readonly config: Config;
  /** The cost of each row of x and y, `[B, …]` both: `[B]`. */
  of(x: Tensor, y: Tensor): Tensor1D;
}

/** The category of costs: add the kind of one's own to a registry, so that files can name it. */
export const costCategory: Category<Cost> = category('cost');

/** ‖x − y‖², summed over a row (Tolstikhin et al. 2018, §4). */
export function squaredEuclidean(): Cost {
  return {
    config: { kind: 'squared-euclidean' },
    of: (x, y) => sum(flattenBatch(square(sub(x, y))), 1),
  };
}

/** ‖x − y‖₁, summed over a row: it forgives single wrong elements more. */
export function absolute(): Cost {
  return {
    config: { kind: 'absolute' },
    of: (x, y) => sum(flattenBatch(abs(sub(x, y))), 1),
  };
}

/** The kinds of costs. */
export const costKinds: readonly Kind<Cost>[] = [
  defineKind('squared-euclidean', costCategory, {}, squaredEuclidean),
  defineKind('absolute', costCategory, {}, absolute),
];
