import * as tf from '@tensorflow/tfjs-core';
import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { rule } from './rule.js';

type Axis = number | number[];

/** The shape of a reduction of x that keeps its reduced axes, with length 1. */
function keptShape(x: Tensor, axes: readonly number[]): number[] {
  return x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
}

/** `share` of dy of a reduction for each element that was reduced. `ones` would be made by the host. */
function spread(dy: Tensor, x: Tensor, axes: readonly number[], share = 1): Tensor {
  // One that keeps its axes broadcasts as it is, and a scalar does.
  const kept = dy.rank === x.rank || dy.rank === 0 ? dy : tf.reshape(dy, keptShape(x, axes));
  return tf.mul(kept, tf.fill(x.shape, share));
}

const sum = rule<{ axis: Axis }>('Sum', {
  inputs: ['x'],
  gradient: (dy, [x], { axis }) => ({
    x: () => spread(dy, x!, tf.util.parseAxisParam(axis, x!.shape)),
  }),
});

const mean = rule<{ axis: Axis }>('Mean', {
  inputs: ['x'],
  gradient: (dy, [x], { axis }) => ({
    x: () => {
      const axes = tf.util.parseAxisParam(axis, x!.shape);
      const count = tf.util.sizeFromShape(axes.map((a) => x!.shape[a]!));
      return spread(dy, x!, axes, 1 / count);
    },
  }),
});

/** Equal extremes share the gradient evenly. Where they are is locally constant. */
function toExtremes(dy: Tensor, x: Tensor, y: Tensor, axis: Axis): Tensor {
  const axes = tf.util.parseAxisParam(axis, x.shape);
  const shape = keptShape(x, axes);
  const extreme = tf.cast(tf.equal(x, tf.reshape(y, shape)), 'float32');
  // Squares are the same numbers, and new ones: a cast leaves WebGPU truth values, which it cannot sum over inner axes.
  const count = tf.sum(tf.square(extreme), axes, true);
  return tf.mul(extreme, tf.div(tf.reshape(dy, shape), count));
}

const max = rule<{ reductionIndices: Axis }>('Max', {
  inputs: ['x'],
  output: true,
  gradient: (dy, [x, y], attrs) => ({ x: () => toExtremes(dy, x!, y!, attrs.reductionIndices) }),
});

const min = rule<{ axis: Axis }>('Min', {
  inputs: ['x'],
  output: true,
  gradient: (dy, [x, y], { axis }) => ({ x: () => toExtremes(dy, x!, y!, axis) }),
});

/** The product of all others is the product of those before and those after: right at zeros too. */
const prod = rule<{ axis: Axis }>('Prod', {
  inputs: ['x'],
  gradient: (dy, [x], { axis }) => ({
    x: () => {
      const axes = tf.util.parseAxisParam(axis, x!.shape);
      const others = x!.shape.map((_, i) => i).filter((i) => !axes.includes(i));
      const order = [...others, ...axes];
      const moved = tf.transpose(x!, order);
      const flat = tf.reshape(moved, [...others.map((i) => x!.shape[i]!), -1]);
      const last = flat.rank - 1;
      const rest = tf.mul(tf.cumprod(flat, last, true, false), tf.cumprod(flat, last, true, true));
      const gradient = tf.mul(tf.reshape(dy, [...flat.shape.slice(0, -1), 1]), rest);
      return tf.transpose(
        tf.reshape(gradient, moved.shape),
        order.map((_, i) => order.indexOf(i)),
      );
    },
  }),
});

interface Scan {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

const cumsum = rule<Scan>('Cumsum', {
  gradient: (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(dy, axis, exclusive, !reverse),
  }),
});

/** Of elements that are not zero: each product varies with x as itself divided by x. */
const cumprod = rule<Scan>('Cumprod', {
  inputs: ['x'],
  gradient: (dy, [x], { axis, exclusive, reverse }) => ({
    x: () => {
      const products = tf.cumprod(x!, axis, exclusive, reverse);
      return tf.div(tf.cumsum(tf.mul(dy, products), axis, exclusive, !reverse), x!);
    },
  }),
});

/** Reductions and scans along axes. */
export const reductionRules: readonly GradConfig[] = [sum, mean, max, min, prod, cumsum, cumprod];
