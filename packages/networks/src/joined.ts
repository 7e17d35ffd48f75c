import { expectGiven, couplingOf, asVectors, sizeOf, type Network, type Shape } from '@elbo/core';
import { concat, type Tensor } from '@tensorflow/tfjs-core';

/**
 * A network of one vector as a network of several inputs: each is flattened, and all are joined, in order. By default
 * of two, such as T(x, z): [B, …] and [B, Z] to what `network` makes of [B, n + Z].
 */
export function joined<Inputs extends readonly Tensor[] = [Tensor, Tensor]>(
  network: Network,
): Network<Inputs> {
  expectGiven('joined', { network }, 'network');
  return {
    config: { kind: 'joined', network: network.config },
    init: (key, ...inputs) => {
      const sizes = (inputs as readonly Shape[]).map(sizeOf);
      return network.init(key, [sizes.reduce((a, b) => a + b, 0)]);
    },
    apply: (params, mode, ...inputs) =>
      network.apply(params, mode, concat(inputs.map(asVectors), 1)),
    ...couplingOf(network),
  };
}
