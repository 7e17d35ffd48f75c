import {
  add,
  cast,
  clipByValue,
  div,
  logSigmoid,
  mul,
  oneHot,
  sigmoid,
  sub,
  sum,
  zerosLike,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { maskedNetwork, type MaskedNetworkOptions } from './masked_network.js';
import type { FlowStep } from './flow.js';

/** Added to a gate's logit: at the start a step multiplies z by σ(2) = .88. */
const open = 2;

/** Where the way back overflows the density is 0 in float32 anyway; a coordinate so far out has none, and no NaN. */
const far = 1e12;

/**
 * A step of inverse autoregressive flow, z' = g ⊙ z + (1 − g) ⊙ m with g = σ(gate + 2), gate and m of a masked network of
 * (z, features) (Kingma et al. 2016, section 4): one evaluation forth, and one for each dimension of z back.
 */
export function autoregressiveStep(options: MaskedNetworkOptions): FlowStep {
  const network = maskedNetwork(options);
  const { latent, reversed } = options;
  const order = Array.from({ length: latent }, (_, i) => (reversed ? latent - 1 - i : i));
  return {
    init: network.init,
    given: (params, mode, features) => {
      const context = network.context(params, mode, features);
      const at = (
        z: Tensor2D,
      ): { readonly g: Tensor2D; readonly shift: Tensor2D; readonly logDet: Tensor1D } => {
        const { shift, gate } = network.apply(params, context, z);
        const logit = add<Tensor2D>(gate, open);
        const g = sigmoid(logit);
        return { g, shift: mul(sub(1, g), shift), logDet: sum(logSigmoid(logit), 1) };
      };
      const bijection = {
        context,
        forward: (z: Tensor2D) => {
          const { g, shift, logDet } = at(z);
          return { z: add<Tensor2D>(mul(g, z), shift), logDet };
        },
        inverse: (z: Tensor2D) => {
          // One coordinate after the other, in their order: each asks for those before it, and no other.
          let before = zerosLike(z);
          for (const place of order) {
            const { g, shift } = at(before);
            const only = cast(oneHot([place], latent), 'float32');
            const found = clipByValue(div(sub(z, shift), g), -far, far);
            before = add(before, mul(only, found));
          }
          return { z: before, logDet: at(before).logDet };
        },
      };
      return bijection;
    },
  };
}
