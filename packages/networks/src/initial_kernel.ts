import { parameter, sizeOf, type Shape } from '@elbo/core';
import type { Activation } from '@elbo/ops';
import { normal, uniform, type Key } from '@elbo/random';
import { tensor, type Tensor } from '@tensorflow/tfjs-core';

/**
 * How a kernel begins, with n inputs and m outputs to each unit:
 *
 * - `he`: N(0, 2/n), which keeps the second moment through layers of relu (He et al. 2015, eq. 10);
 * - `glorot`: uniform on ±√(6/(n + m)), a variance of 2/(n + m), between what keeps it forwards and what keeps it
 *   backwards through layers that are linear near 0 (Glorot & Bengio 2010, eq. 16);
 * - `zeros`.
 */
export type Initialiser = 'he' | 'glorot' | 'zeros';

const rectifiers: readonly Activation[] = ['relu', 'leakyRelu', 'elu', 'gelu', 'silu'];

/** `he` before an activation of relu's family, which halves the second moment; `glorot` before others. */
export function initialiserFor(activation: Activation): Initialiser {
  return rectifiers.includes(activation) ? 'he' : 'glorot';
}

/** The numbers of inputs and outputs of one unit of a layer. */
export interface Fan {
  readonly inputs: number;
  readonly outputs: number;
}

/** A fresh kernel, `shape`; the same for the same key, wherever it is made. */
export function initialKernel(key: Key, shape: Shape, fan: Fan, init: Initialiser): Tensor {
  return parameter(shape, () =>
    tensor(values(key, sizeOf(shape), fan, init), [...shape], 'float32'),
  );
}

function values(key: Key, size: number, { inputs, outputs }: Fan, init: Initialiser): Float32Array {
  switch (init) {
    case 'he': {
      const scale = Math.sqrt(2 / inputs);
      return normal(key, size).map((value) => scale * value);
    }
    case 'glorot': {
      const limit = Math.sqrt(6 / (inputs + outputs));
      return uniform(key, size).map((value) => limit * (2 * value - 1));
    }
    case 'zeros':
      return new Float32Array(size);
  }
}
