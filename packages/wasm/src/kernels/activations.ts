import {
  activationGradientKernel,
  type ActivationGradientAttrs,
  type ActivationGradientInputs,
} from '@elbo/ops';
import { util } from '@tensorflow/tfjs-core';
import { activationCode, leakyReluSlope } from '../activations.js';
import { kernel, type Kernel } from '../kernel.js';

const activationGradient = kernel<ActivationGradientInputs, ActivationGradientAttrs>({
  name: activationGradientKernel,
  run: (machine, { dy, output: y }, { activation }) => {
    const output = machine.output(dy.shape);
    machine.side.activationGradient(
      activationCode(activation)!,
      machine.address(dy),
      machine.address(y),
      machine.address(output),
      util.sizeFromShape(dy.shape),
      leakyReluSlope,
    );
    return output;
  },
});

/** Gradients of activations. */
export const activationKernels: readonly Kernel[] = [activationGradient];
