import { paramsAt, tensorAt, type Mode, type Params } from '@elbo/core';
import { dense } from '@elbo/networks';
import { activate, dense as affine } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import { add, matMul, mul, reshape, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';

/** A masked autoregressive network. */
export interface MaskedNetworkOptions {
  readonly latent: number;
  /** Sizes of the hidden layers, at least one. */
  readonly hidden: readonly number[];
  /** Whether the last coordinate of z comes first. */
  readonly reversed: boolean;
}

/** Two numbers for each coordinate of z, which depend on the features and on the coordinates before it only. */
export interface MaskedNetwork {
  init(key: Key, features: number): Params;
  /** What the first layer makes of the features, `[B, H]`; once for any number of z. */
  context(params: Params, mode: Mode, features: Tensor2D): Tensor2D;
  /** The two numbers, each `[S · B, Z]`. */
  apply(
    params: Params,
    context: Tensor2D,
    z: Tensor2D,
  ): { readonly shift: Tensor2D; readonly gate: Tensor2D };
}

/**
 * A MADE (Germain et al. 2015): each unit has a degree, and sees units of no higher degree before it; an output sees
 * those of a lower one than its coordinate's place. Units of degree 0 see the features only. Its outputs start at 0.
 */
export function maskedNetwork({ latent, hidden, reversed }: MaskedNetworkOptions): MaskedNetwork {
  const places = Array.from({ length: latent }, (_, i) => (reversed ? latent - i : i + 1));
  const degrees = hidden.map((units) => Array.from({ length: units }, (_, j) => j % latent));
  const first = dense({ units: hidden[0]! });
  const layers = hidden.slice(1).map((units, i) => ({
    name: `hidden_${i + 1}`,
    network: dense({ units, activation: 'elu' }),
    mask: (): Tensor2D => maskOf(degrees[i]!, degrees[i + 1]!, (from, to) => from <= to),
  }));
  const output = dense({ units: latent, init: 'zeros' });
  return {
    init: (key, features) => ({
      kernel: withoutBias(first.init(fold(key, 'kernel'), [latent]).params),
      context: first.init(fold(key, 'context'), [features]).params,
      ...Object.fromEntries(
        layers.map(({ name, network }, i) => [
          name,
          network.init(fold(key, name), [hidden[i]!]).params,
        ]),
      ),
      shift: output.init(fold(key, 'shift'), [hidden.at(-1)!]).params,
      gate: output.init(fold(key, 'gate'), [hidden.at(-1)!]).params,
    }),
    context: (params, mode, features) =>
      first.apply(paramsAt(params, 'context'), mode, features) as Tensor2D,
    apply: (params, context, z) => {
      const [rows, units] = context.shape;
      const seen = maskOf(places, degrees[0]!, (from, to) => from <= to);
      const ofZ = matMul(z, mul<Tensor2D>(tensorAt(params, 'kernel'), seen));
      const sum = add(reshape(ofZ, [-1, rows, units]), context);
      const start: Tensor2D = reshape(activate(sum, 'elu'), [-1, units]);
      const h = layers.reduce(
        (below, { name, mask }) => masked(paramsAt(params, name), mask(), below, 'elu'),
        start,
      );
      const last = maskOf(degrees.at(-1)!, places, (from, to) => from < to);
      return {
        shift: masked(paramsAt(params, 'shift'), last, h, 'linear'),
        gate: masked(paramsAt(params, 'gate'), last, h, 'linear'),
      };
    },
  };
}

/** The kernel of z's first layer: the features' has the bias. */
function withoutBias(params: Params): Tensor2D {
  tensorAt(params, 'bias').dispose();
  return tensorAt(params, 'kernel');
}

function masked(
  params: Params,
  mask: Tensor2D,
  x: Tensor2D,
  activation: 'elu' | 'linear',
): Tensor2D {
  const kernel = mul<Tensor2D>(tensorAt(params, 'kernel'), mask);
  return affine(x, kernel, tensorAt(params, 'bias'), activation) as Tensor2D;
}

/** 1 where a unit of the one degree may see one of the other, `[from, to]`. */
function maskOf(
  from: readonly number[],
  to: readonly number[],
  sees: (from: number, to: number) => boolean,
): Tensor2D {
  const values = from.flatMap((a) => to.map((b) => (sees(a, b) ? 1 : 0)));
  return tensor2d(values, [from.length, to.length], 'float32');
}
