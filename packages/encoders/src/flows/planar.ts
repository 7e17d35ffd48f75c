import { detach, untaped } from '@elbo/gradients';
import {
  add,
  div,
  log,
  mul,
  reshape,
  sign,
  softplus,
  square,
  sub,
  sum,
  tanh,
  abs,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { headOf } from '../head.js';
import type { FlowStep, Moved } from './flow.js';

/** softplus(a + log(e − 1)) − 1 is above −1, and 0 at 0: a step whose u is 0 goes nowhere. */
const offset = Math.log(Math.E - 1);

/** Halvings of an interval: more than a float32 has bits. */
const halvings = 32;

/**
 * A planar step z + û tanh(wᵀz + b), with u, w and b linear in the features (Rezende & Mohamed 2015, section 4.1). û is u moved
 * along w until wᵀû > −1, which makes the step invertible (their appendix A.1). At the start u = 0, the identity.
 *
 * The inverse is a search on a line: wᵀz solves α + wᵀû tanh(α + b) = wᵀz', which rises in α.
 */
export function planarStep(latent: number, where: string): FlowStep {
  const reach = headOf('reach', latent, where, 'zeros');
  const normal = headOf('normal', latent, where);
  const bias = headOf('bias', 1, where);
  return {
    init: (key, features) => ({
      ...reach.init(key, features),
      ...normal.init(key, features),
      ...bias.init(key, features),
    }),
    given: (params, mode, features) => {
      const w = normal.apply(params, mode, features);
      const u = reach.apply(params, mode, features);
      const b = bias.apply(params, mode, features);
      const along = dot(w, u);
      const stretch: Tensor2D = softplus(add(along, offset));
      const lift = sub(sub(stretch, 1), along);
      // w is never 0 but by accident.
      const step: Tensor2D = add(u, mul(w, div(lift, add(dot(w, w), 1e-12))));
      return planar({ w, b, step, stretch });
    },
  };
}

/** The normals w `[B, Z]`, b `[B, 1]`, û `[B, Z]` and 1 + wᵀû `[B, 1]`, which is positive, of planar steps. */
interface Planes {
  readonly w: Tensor2D;
  readonly b: Tensor2D;
  readonly step: Tensor2D;
  readonly stretch: Tensor2D;
}

function planar(planes: Planes): ReturnType<FlowStep['given']> & Planes {
  const { w, b, step, stretch } = planes;
  const [rows, latent] = w.shape;
  const bySample = (z: Tensor2D): Tensor => reshape(z, [-1, rows, latent]);
  /** The step, in the direction of `sense`, at the plane's coordinate α. */
  const moved = (z: Tensor, alpha: Tensor, sense: 1 | -1): Moved => {
    const h = tanh(add(alpha, b));
    // 1 + (1 − h²) wᵀû as a sum of what is positive: near a fold, rounding would make a difference negative.
    const logDet = log(add(mul(sub(1, square(h)), stretch), square(h)));
    return {
      z: reshape(add(z, mul(mul(step, h), sense)), [-1, latent]),
      logDet: reshape(logDet, [-1]),
    };
  };
  return {
    ...planes,
    forward: (z) => moved(bySample(z), dot(bySample(z), w), 1),
    inverse: (z) => {
      const target = dot(bySample(z), w);
      return moved(bySample(z), solved(target, sub(stretch, 1), b), -1);
    },
  };
}

/** The α with α + c tanh(α + b) = target, differentiable in all three. */
function solved(target: Tensor, c: Tensor, b: Tensor): Tensor {
  const root = untaped((): Tensor => {
    let middle: Tensor = target;
    let width: Tensor = abs(c);
    for (let i = 0; i < halvings; i++) {
      width = mul(width, 0.5);
      const error = sub(add(middle, mul(c, tanh(add(middle, b)))), target);
      middle = sub(middle, mul(width, sign(error)));
    }
    return middle;
  });
  // One step of Newton's method: to the last bit, and with the derivative of an implicit function.
  const h = tanh(add(root, b));
  const error = sub(add(root, mul(c, h)), target);
  const slope = detach(add<Tensor>(mul(sub(1, square(h)), c), 1));
  return sub(root, div(error, slope));
}

/** The scalar products of the last axes, which stay as axes of 1. */
function dot(a: Tensor, b: Tensor): Tensor2D {
  return sum(mul(a, b), -1, true);
}
