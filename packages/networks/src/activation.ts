import type { Network } from '@elbo/core';
import { activate, type Activation } from '@elbo/ops';

/** An activation as a layer of its own, to put after a normalisation: any shape to the same. */
export function activation(name: Activation): Network {
  return {
    config: { kind: 'activation', activation: name },
    init: (_key, input) => ({ params: {}, output: input }),
    apply: (_params, _mode, x) => activate(x, name),
  };
}
