import { expectGiven, type Network, type Shape } from '@elbo/core';

/**
 * The network of a decoder that is chosen by the data: one that makes features, or how to make one whose output is the likelihood's
 * numbers, `[height, width, channels]`, as convolutions do.
 */
export type NetworkMaking = Network | ((shape: Shape) => Network);

/** @throws ConfigError that names what a factory of decoders by the data was not given. */
export function expectChoice(
  factory: string,
  options: { readonly network: NetworkMaking; readonly shape: Shape; readonly unit: boolean },
): void {
  // A null in place of all options is for the check to name.
  const { network, ...others } = (options as typeof options | undefined) ?? {};
  if (typeof network === 'function')
    expectGiven(factory, others as typeof options, 'shape', 'unit');
  else expectGiven(factory, options, 'network', 'shape', 'unit');
}

/** The network of a likelihood with so many numbers for each element of the data. */
export function networkMaking(network: NetworkMaking, shape: Shape, numbers = 1): Network {
  return typeof network === 'function' ? network(sideBySide(shape, numbers)) : network;
}

/** The numbers of every element side by side, as the channels of an image are: `[28, 28, 1]` with six is `[28, 28, 6]`. */
export function sideBySide(shape: Shape, numbers: number): Shape {
  return shape.map((size, axis) => (axis === shape.length - 1 ? size * numbers : size));
}
