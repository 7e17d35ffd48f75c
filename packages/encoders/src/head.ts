import {
  boundedLogScale,
  expectBatchOf,
  paramsAt,
  tensorAt,
  type Mode,
  type Params,
} from '@elbo/core';
import { dense, type Initialiser } from '@elbo/networks';
import { fold, type Key } from '@elbo/random';
import type { Tensor2D } from '@tensorflow/tfjs-core';

/** A linear map of an encoder's features `[B, F]` to `[B, units]`. */
export interface Head {
  /** Its parameters, under its name. */
  init(key: Key, features: number): Params;
  /** @throws ShapeError for another number of features than it was made for. */
  apply(params: Params, mode: Mode, features: Tensor2D): Tensor2D;
}

/** A head whose parameters are called `name`; `where` names the encoder in errors, `init` how its kernel begins. */
export function headOf(name: string, units: number, where: string, init?: Initialiser): Head {
  const linear = dense({ units, ...(init && { init }) });
  return {
    init: (key, features) => ({ [name]: linear.init(fold(key, name), [features]).params }),
    apply: (params, mode, features) => {
      const made = tensorAt(params, `${name}/kernel`).shape[0];
      expectBatchOf(features, [made], `${where}: the features of x, with the condition`);
      return linear.apply(paramsAt(params, name), mode, features) as Tensor2D;
    },
  };
}

/** A head of log scales: its numbers are bounded by `boundedLogScale`, as x may be of any size before anything is learned. */
export function logScaleHeadOf(name: string, units: number, where: string): Head {
  const { init, apply } = headOf(name, units, where);
  return { init, apply: (...given) => boundedLogScale(apply(...given)) };
}
