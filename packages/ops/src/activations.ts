import {
  add,
  elu,
  exp,
  leakyRelu,
  mul,
  neg,
  relu,
  selu,
  sigmoid,
  softplus,
  square,
  step,
  sub,
  tanh,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** A function of one number applied to every element of a layer's output. */
export type Activation =
  | 'linear'
  | 'relu'
  | 'leakyRelu'
  | 'elu'
  | 'selu'
  | 'gelu'
  | 'silu'
  | 'tanh'
  | 'sigmoid'
  | 'softplus';

/** What an activation is and its derivative: of its input, and, where that is cheaper, of its output. */
interface Definition {
  apply(x: Tensor): Tensor;
  slope(x: Tensor): Tensor;
  slopeFromOutput?(y: Tensor): Tensor;
}

const leak = 0.2;
// Klambauer et al. 2017, eq. 14.
const seluScale = 1.0507009873554805;
const seluAlpha = 1.6732632423543772;
const geluScale = Math.sqrt(8 / Math.PI);
const geluCubic = 0.044715;

/** 1 − x. */
const complement = (x: Tensor): Tensor => sub(1, x);

/** e^min(x, 0). */
const expNegative = (x: Tensor): Tensor => exp(sub(x, relu(x)));

/** √(8/π)(x + 0.044715 x³). */
const geluArgument = (x: Tensor): Tensor =>
  mul(x, add(geluScale, mul(geluScale * geluCubic, square(x))));

/** The derivative of x·s(u(x)), where s is the logistic function. */
function gatedSlope(x: Tensor, u: Tensor, uSlope?: Tensor): Tensor {
  const s = sigmoid(u);
  const curve = mul(x, mul(s, complement(s)));
  return add(s, uSlope ? mul(curve, uSlope) : curve);
}

/** Every activation but the identity. */
export const activations: Readonly<Record<Exclude<Activation, 'linear'>, Definition>> = {
  relu: { apply: relu, slope: (x) => step(x), slopeFromOutput: (y) => step(y) },
  leakyRelu: {
    apply: (x) => leakyRelu(x, leak),
    slope: (x) => step(x, leak),
    slopeFromOutput: (y) => step(y, leak),
  },
  elu: {
    apply: elu,
    slope: expNegative,
    slopeFromOutput: (y) => complement(relu(neg(y))),
  },
  selu: {
    apply: selu,
    slope: (x) => {
      const positive = step(x);
      const negative = mul(seluAlpha, mul(complement(positive), expNegative(x)));
      return mul(seluScale, add(positive, negative));
    },
    slopeFromOutput: (y) => {
      const positive = step(y);
      return add(
        mul(seluScale, positive),
        mul(complement(positive), add(y, seluScale * seluAlpha)),
      );
    },
  },
  gelu: {
    apply: (x) => mul(x, sigmoid(geluArgument(x))),
    slope: (x) =>
      gatedSlope(x, geluArgument(x), add(geluScale, mul(3 * geluScale * geluCubic, square(x)))),
  },
  silu: { apply: (x) => mul(x, sigmoid(x)), slope: (x) => gatedSlope(x, x) },
  tanh: {
    apply: tanh,
    slope: (x) => complement(square(tanh(x))),
    slopeFromOutput: (y) => complement(square(y)),
  },
  sigmoid: {
    apply: sigmoid,
    slope: (x) => {
      const s = sigmoid(x);
      return mul(s, complement(s));
    },
    slopeFromOutput: (y) => mul(y, complement(y)),
  },
  softplus: {
    apply: softplus,
    slope: sigmoid,
    slopeFromOutput: (y) => complement(exp(neg(y))),
  },
};
