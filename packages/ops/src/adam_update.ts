import {
  add,
  dispose,
  div,
  mul,
  scalar,
  sqrt,
  square,
  sub,
  tidy,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { dispatch } from './dispatch.js';
import { OperationError } from './errors.js';
import { sameShapes } from './shapes.js';

/**
 * The kernel of `adamUpdate` over n parameters. Its inputs are named by their place, '0' to '4n − 1': the parameters,
 * then their gradients, first moments and second moments; and `scale`, a scalar, where the gradients are to be multiplied
 * by one. Its outputs are 3n: new parameters, first and second moments.
 *
 * With g the gradient times the scale: m' = beta1·m + (1 − beta1)·g, v' = beta2·v + (1 − beta2)·g²,
 * p' = p − decay·p − rate·m' / (√v' + epsilon).
 *
 * Parameters must be new data, never written in place: backends cache what they derive from a tensor. Moments may be
 * written in place and returned under their own data ids, with one reference more (`backend.incRef`).
 */
export const adamUpdateKernel = 'ElboAdamUpdate';
/** The numbers of that formula: `rate` and `epsilon` hold the corrections for the moments' bias. */
export interface AdamUpdateAttrs {
  readonly [name: string]: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly rate: number;
  readonly epsilon: number;
  readonly decay: number;
}

/** What one step of Adam is made of. The lists run parallel. */
export interface AdamUpdate {
  readonly params: readonly Tensor[];
  readonly gradients: readonly Tensor[];
  /** Running means of the gradients, at first zeros. Consumed. */
  readonly first: readonly Tensor[];
  /** Running means of their squares, at first zeros. Consumed. */
  readonly second: readonly Tensor[];
  /** What all gradients are multiplied by, such as the factor that clips their norm; 1 without it. */
  readonly scale?: Scalar | undefined;
  /** The number of steps before this one. */
  readonly step: number;
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Decoupled weight decay: this share of a parameter, times the learning rate, is taken off. */
  readonly weightDecay: number;
}

/** What one step of Adam gives. */
export interface AdamUpdated {
  readonly params: readonly Tensor[];
  readonly first: readonly Tensor[];
  readonly second: readonly Tensor[];
}

function expectParallel({ params, gradients, first, second, scale }: AdamUpdate): void {
  if (scale && scale.size !== 1)
    throw new OperationError(
      `adamUpdate: scale has shape [${scale.shape.join(', ')}]; give a scalar.`,
    );
  const others = { gradients, first, second };
  for (const [name, list] of Object.entries(others)) {
    if (list.length !== params.length) {
      throw new OperationError(
        `adamUpdate: ${list.length} ${name} for ${params.length} parameters; give one each.`,
      );
    }
    const wrong = list.findIndex((tensor, i) => !sameShapes(tensor, params[i]!));
    if (wrong < 0) continue;
    throw new OperationError(
      `adamUpdate: ${name}[${wrong}] has shape [${list[wrong]!.shape.join(', ')}], ` +
        `its parameter [${params[wrong]!.shape.join(', ')}].`,
    );
  }
}

/** The composition. Scalars are uploaded once for all parameters: one by one they are a quarter of a small net's step. */
function compose(update: AdamUpdate, attrs: AdamUpdateAttrs): Tensor[] {
  const { params, gradients, first, second, scale } = update;
  const beta1 = scalar(attrs.beta1);
  const beta2 = scalar(attrs.beta2);
  const rest1 = scalar(1 - attrs.beta1);
  const rest2 = scalar(1 - attrs.beta2);
  const rate = scalar(attrs.rate);
  const epsilon = scalar(attrs.epsilon);
  const kept = attrs.decay === 0 ? undefined : scalar(1 - attrs.decay);
  const updated = params.map((param, i) =>
    tidy((): [Tensor, Tensor, Tensor] => {
      const gradient = scale ? mul(gradients[i]!, scale) : gradients[i]!;
      const m = add(mul(first[i]!, beta1), mul(gradient, rest1));
      const v = add(mul(second[i]!, beta2), mul(square(gradient), rest2));
      const change = mul(rate, div(m, add(sqrt(v), epsilon)));
      return [sub(kept ? mul(param, kept) : param, change), m, v];
    }),
  );
  return ([0, 1, 2] as const).flatMap((place) => updated.map((tensors) => tensors[place]));
}

/**
 * One step of Adam (Kingma & Ba 2015, algorithm 1) for all parameters in one call, or of AdamW (Loshchilov & Hutter
 * 2019, algorithm 2) where there is weight decay. NaN in a gradient reaches its parameter. Not differentiable.
 *
 * @returns fresh parameters and moments, the caller's; the moments given are disposed, parameters and gradients not.
 * @throws OperationError when the lists do not run parallel.
 */
export function adamUpdate(update: AdamUpdate): AdamUpdated {
  expectParallel(update);
  const { params, gradients, first, second, step, learningRate, beta1, beta2 } = update;
  // m̂ / (√v̂ + ε) with m̂ = m / c1 and v̂ = v / c2 is (√c2 / c1) · m / (√v + √c2·ε): two corrected numbers, no tensors.
  const c1 = 1 - Math.pow(beta1, step + 1);
  const rootC2 = Math.sqrt(1 - Math.pow(beta2, step + 1));
  const attrs: AdamUpdateAttrs = {
    beta1,
    beta2,
    rate: (learningRate * rootC2) / c1,
    epsilon: update.epsilon * rootC2,
    decay: learningRate * update.weightDecay,
  };
  const listed = Object.fromEntries([...params, ...gradients, ...first, ...second].entries());
  const inputs = update.scale ? { ...listed, scale: update.scale } : listed;
  const outputs = dispatch({ kernelName: adamUpdateKernel }, inputs, attrs, () =>
    compose(update, attrs),
  );
  dispose([...first, ...second]);
  const n = params.length;
  return {
    params: outputs.slice(0, n),
    first: outputs.slice(n, 2 * n),
    second: outputs.slice(2 * n),
  };
}
