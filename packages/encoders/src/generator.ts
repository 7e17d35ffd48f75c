import { paramsAt, repeatBatch, type Mode, type Params } from '@elbo/core';
import { dense, type Initialiser } from '@elbo/networks';
import { randomNormal, type Activation } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import { concat, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';

/** Dense layers that noise is joined to. */
export interface GeneratorOptions {
  /** Dimension of the noise. */
  readonly noise: number;
  /** Sizes of the layers. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** How the kernels begin; as suits the activation where undefined. */
  readonly init: Initialiser | undefined;
  /** Whether noise joins the first layer's input only, or every layer's, fresh in each. */
  readonly inject: 'input' | 'layers';
}

/** A random function of features: `[B, F]` to `[samples · B, width]`, sample-major. */
export interface Generator {
  /** Of what it makes of each draw. */
  readonly width: number;
  /** Parameters `layer_0`, `layer_1`, …. */
  init(key: Key, features: number): Params;
  /** `samples` draws for each row, from features made once. */
  draw(params: Params, mode: Mode, features: Tensor2D, key: Key, samples: number): Tensor2D;
}

/** The layers of an implicit posterior. */
export function generatorOf({
  noise,
  hidden,
  activation,
  init,
  inject,
}: GeneratorOptions): Generator {
  const layers = hidden.map((units) => dense({ units, activation, ...(init && { init }) }));
  const noisy = (layer: number): boolean => layer === 0 || inject === 'layers';
  return {
    width: hidden.at(-1)!,
    init: (key, features) =>
      Object.fromEntries(
        layers.map((layer, i) => {
          const input = (hidden[i - 1] ?? features) + (noisy(i) ? noise : 0);
          return [`layer_${i}`, layer.init(fold(key, `layer_${i}`), [input]).params] as const;
        }),
      ),
    draw: (params, mode, features, key, samples) =>
      layers.reduce(
        (h, layer, i) => {
          const join = (): Tensor2D =>
            concat([h, randomNormal<Rank.R2>(fold(key, `layer_${i}`), [h.shape[0], noise])], 1);
          return layer.apply(
            paramsAt(params, `layer_${i}`),
            mode,
            noisy(i) ? join() : h,
          ) as Tensor2D;
        },
        samples === 1 ? features : repeatBatch(features, samples),
      ),
  };
}
