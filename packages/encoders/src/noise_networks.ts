import { disposeTree, leaves, tensorAt, unflatten, type Params } from '@elbo/core';
import { mlp } from '@elbo/networks';
import { activate, randomNormal, type Activation } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import {
  add,
  expandDims,
  matMul,
  reshape,
  slice,
  stack,
  type Tensor3D,
} from '@tensorflow/tfjs-core';

/** What noise networks are made of. */
export interface NoiseNetworksOptions {
  /** M, how many there are. */
  readonly count: number;
  /** Dimension of the noise of each. */
  readonly noise: number;
  /** Sizes of the hidden layers of each. */
  readonly hidden: readonly number[];
  /** Of those layers. */
  readonly activation: Activation;
  /** Dimension of what each makes. */
  readonly output: number;
  /** Whether each is vᵢ(ε) = (ε₁ … ε_output) + fᵢ(ε), with fᵢ = 0 at the start; `noise` is at least `output` then. */
  readonly residual: boolean;
}

/** M perceptrons vᵢ of one make, each of a noise εᵢ of its own. */
export interface NoiseNetworks {
  /** Each leaf is that of M perceptrons, stacked: kernels `[M, I, O]`, biases `[M, O]`. */
  init(key: Key): Params;
  /** Draws of every vᵢ(εᵢ): `[M, rows, output]`. */
  draw(params: Params, key: Key, rows: number): Tensor3D;
}

/** Noise networks that are computed together, a layer of all of them in one batched product. */
export function noiseNetworks(options: NoiseNetworksOptions): NoiseNetworks {
  const { count, noise, hidden, activation, output, residual } = options;
  const one = mlp({ hidden, output, activation, zeroOutput: residual });
  return {
    init: (key) => {
      const made = Array.from(
        { length: count },
        (_, i) => one.init(fold(key, `noise_${i}`), [noise]).params,
      );
      try {
        const columns = made.map((params) => leaves(params));
        const stacked = columns[0]!.map((_, leaf) => stack(columns.map((all) => all[leaf]!)));
        return unflatten(made[0]!, stacked);
      } finally {
        made.forEach(disposeTree);
      }
    },
    draw: (params, key, rows) => {
      // As draws of one row follow each other sample by sample, so do those of the networks.
      const drawn: Tensor3D = reshape(randomNormal(key, [count * rows, noise]), [
        count,
        rows,
        noise,
      ]);
      let h = drawn;
      for (let layer = 0; layer <= hidden.length; layer++) {
        const kernel = tensorAt(params, `dense_${layer}/kernel`);
        const bias = expandDims(tensorAt(params, `dense_${layer}/bias`), 1);
        const linear: Tensor3D = add(matMul(h, kernel), bias);
        h = layer < hidden.length ? activate(linear, activation) : linear;
      }
      return residual ? add(slice(drawn, [0, 0, 0], [count, rows, output]), h) : h;
    },
  };
}
