import {
  randomBernoulliKernel,
  randomNormalKernel,
  randomUniformKernel,
  type NoiseAttrs,
  type RandomBernoulliInputs,
} from '@elbo/ops';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Inputs } from '../kernel_arguments.js';
import type { Machine } from '../machine.js';

/** Eight draws: what the side module makes at once. */
const scratchBytes = 8 * Float32Array.BYTES_PER_ELEMENT;

function noise(name: string, sampler: 'randomNormal' | 'randomUniform'): Kernel {
  return kernel<Inputs, NoiseAttrs>({
    name,
    run: (machine, _, { words: [k0, k1], shape }) => {
      const output = machine.output(shape);
      const n = util.sizeFromShape([...shape]);
      const scratch = machine.scratch(scratchBytes);
      machine.side[sampler](k0, k1, machine.address(output), n, scratch, 0);
      return output;
    },
  });
}

/** Whether a shape is the end of another, so that its numbers run through that one's again and again. */
const ends = (shape: readonly number[], other: readonly number[]): boolean =>
  util.arraysEqual([...shape], other.slice(other.length - shape.length));

/** A tensor's numbers in a shape that its own broadcasts to. */
function broadcast(machine: Machine, x: TensorInfo, shape: readonly number[]): TensorInfo {
  const padded = [...new Array<number>(shape.length - x.shape.length).fill(1), ...x.shape];
  const alias = machine.alias(x, padded);
  const reps = shape.map((extent, i) => (padded[i] === 1 ? extent : 1));
  const whole = machine.call('Tile', { x: alias }, { reps });
  machine.free(alias);
  return whole;
}

const bernoulli = kernel<RandomBernoulliInputs, NoiseAttrs>({
  name: randomBernoulliKernel,
  run: (machine, { probabilities }, { words: [k0, k1], shape }) => {
    const n = util.sizeFromShape([...shape]);
    const period = util.sizeFromShape(probabilities.shape);
    const fits = period === 1 || ends(probabilities.shape, shape);
    const p = fits ? probabilities : broadcast(machine, probabilities, shape);
    const output = machine.output(shape);
    machine.side.randomBernoulli(
      k0,
      k1,
      machine.address(p),
      fits ? period : n,
      machine.address(output),
      n,
      machine.scratch(scratchBytes),
      0,
    );
    if (!fits) machine.free(p);
    return output;
  },
});

/** Noise with the bits of @elbo/random. */
export const noiseKernels: readonly Kernel[] = [
  noise(randomNormalKernel, 'randomNormal'),
  noise(randomUniformKernel, 'randomUniform'),
  bernoulli,
];
