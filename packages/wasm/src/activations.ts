/** The side module's codes of activations (assembly/elementwise/activations.ts), by the names in TensorFlow.js and in @elbo/ops. */
const codes: Readonly<Record<string, number>> = {
  linear: 0,
  relu: 1,
  leakyRelu: 2,
  leakyrelu: 2,
  elu: 3,
  selu: 4,
  gelu: 5,
  silu: 6,
  tanh: 7,
  sigmoid: 8,
  softplus: 9,
  relu6: 10,
};

/** The code of an activation; undefined for one that the side module does not have. */
export function activationCode(name: string): number | undefined {
  return Object.hasOwn(codes, name) ? codes[name] : undefined;
}

/** The slope below 0 of @elbo/ops' leakyRelu. */
export const leakyReluSlope = 0.2;
