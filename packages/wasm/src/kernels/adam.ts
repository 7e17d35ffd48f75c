import { adamUpdateKernel, type AdamUpdateAttrs } from '@elbo/ops';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Inputs } from '../kernel_arguments.js';
import type { Machine } from '../machine.js';

/** The moment's own data, unless another tensor shares them and must not see them change. */
function inPlace(machine: Machine, moment: TensorInfo): TensorInfo {
  return machine.isShared(moment) ? machine.output(moment.shape) : machine.alias(moment);
}

const adam = kernel<Inputs, AdamUpdateAttrs>({
  name: adamUpdateKernel,
  run: (machine, { scale, ...inputs }, { beta1, beta2, rate, epsilon, decay }) => {
    const count = Object.keys(inputs).length / 4;
    const list = (place: number): TensorInfo[] =>
      Array.from({ length: count }, (_, i) => inputs[place * count + i]!);
    const [params, gradients, first, second] = [list(0), list(1), list(2), list(3)];
    const newParams = params.map(({ shape }) => machine.output(shape));
    const newFirst = first.map((moment) => inPlace(machine, moment));
    const newSecond = second.map((moment) => inPlace(machine, moment));
    const factor = scale === undefined ? 0 : machine.address(scale);
    params.forEach((param, i) => {
      machine.side.adam(
        machine.address(param),
        machine.address(gradients[i]!),
        machine.address(first[i]!),
        machine.address(second[i]!),
        machine.address(newParams[i]!),
        machine.address(newFirst[i]!),
        machine.address(newSecond[i]!),
        util.sizeFromShape(param.shape),
        factor,
        beta1,
        1 - beta1,
        beta2,
        1 - beta2,
        rate,
        epsilon,
        1 - decay,
      );
    });
    return [...newParams, ...newFirst, ...newSecond];
  },
});

/** Steps of optimisers. */
export const optimiserKernels: readonly Kernel[] = [adam];
