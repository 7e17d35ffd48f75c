import {
  gradientKernel,
  reparameterizeKernel,
  type GradientAttrs,
  type ReparameterizeInputs,
} from '@elbo/ops';
import { util } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Tensors } from '../types.js';

const reparameterize = kernel<ReparameterizeInputs, unknown>({
  name: reparameterizeKernel,
  run: (machine, { mean, logVar, noise }) => {
    const output = machine.output(mean.shape);
    machine.side.reparameterize(
      machine.address(mean),
      machine.address(logVar),
      machine.address(noise),
      machine.address(output),
      util.sizeFromShape(mean.shape),
    );
    return output;
  },
});

type GradientInputs = ReparameterizeInputs & Tensors<'dy'>;

const gradient = kernel<GradientInputs, GradientAttrs<keyof ReparameterizeInputs>>({
  name: gradientKernel(reparameterizeKernel),
  run: (machine, { dy, logVar, noise }, { of }) => {
    if (of === 'mean') return machine.alias(dy);
    const { reparameterizeOfLogVar, reparameterizeOfNoise } = machine.side;
    const output = machine.output(dy.shape);
    (of === 'logVar' ? reparameterizeOfLogVar : reparameterizeOfNoise)(
      machine.address(dy),
      machine.address(logVar),
      machine.address(noise),
      machine.address(output),
      util.sizeFromShape(dy.shape),
    );
    return output;
  },
});

/** Samples of normal distributions. */
export const reparameterizeKernels: readonly Kernel[] = [reparameterize, gradient];
