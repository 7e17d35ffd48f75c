import {
  bceWithLogitsKernel,
  gaussianKlKernel,
  gradientKernel,
  normalLogProbKernel,
  squaredNormKernel,
  standardNormalLogProbKernel,
  type GradientAttrs,
} from '@elbo/ops';
import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Inputs } from '../kernel_arguments.js';
import type { Machine } from '../machine.js';

/** A sum over rows: its code and those of its gradients in assembly/likelihood/densities.ts. */
interface Density {
  readonly name: string;
  readonly code: number;
  /** Its operands in their order, each with the code of its gradient. */
  readonly operands: Readonly<Record<string, number>>;
}

const bceWithLogits: Density = {
  name: bceWithLogitsKernel,
  code: 0,
  operands: { logits: 0, targets: 1 },
};
const densities: readonly Density[] = [
  { name: gaussianKlKernel, code: 1, operands: { mean: 2, logVar: 3 } },
  { name: normalLogProbKernel, code: 2, operands: { x: 4, mean: 5, logVar: 6 } },
  { name: standardNormalLogProbKernel, code: 3, operands: { z: 7 } },
];

/** The addresses of three operands; what is missing may be any. */
function addresses(
  machine: Machine,
  inputs: Inputs,
  { operands }: Density,
): [number, number, number] {
  const [x, y, z] = Object.keys(operands).map((name) => machine.address(inputs[name]!));
  return [x!, y ?? x!, z ?? x!];
}

/** The tensor as rows: as many as its first axis. */
function rowsOf({ shape }: TensorInfo): { rows: number; columns: number } {
  const rows = shape[0]!;
  return { rows, columns: rows === 0 ? 0 : util.sizeFromShape(shape) / rows };
}

function summed(density: Density): Kernel {
  return kernel<Inputs, unknown>({
    name: density.name,
    run: (machine, inputs) => {
      const [first] = Object.keys(density.operands);
      const { rows, columns } = rowsOf(inputs[first!]!);
      const output = machine.output([rows]);
      const operands = addresses(machine, inputs, density);
      machine.side.density(density.code, ...operands, machine.address(output), rows, columns);
      return output;
    },
  });
}

function gradient(density: Density): Kernel {
  return kernel<Inputs, GradientAttrs<string>>({
    name: gradientKernel(density.name),
    run: (machine, inputs, { of }) => {
      const x = inputs[of]!;
      const { rows, columns } = rowsOf(x);
      const output = machine.output(x.shape);
      machine.side.densityGradient(
        density.operands[of]!,
        machine.address(inputs.dy!),
        ...addresses(machine, inputs, density),
        machine.address(output),
        rows,
        columns,
      );
      return output;
    },
  });
}

const bceGradient = gradient(bceWithLogits);

/** That of the logits starts from the stock logistic function, which is faster than the side module's. */
const bceGradientFromStock: Kernel = {
  ...bceGradient,
  run: (machine, inputs, attrs) => {
    if (attrs.of !== 'logits') return bceGradient.run(machine, inputs, attrs);
    const output = machine.call('Sigmoid', { x: inputs.logits! });
    const { rows, columns } = rowsOf(output);
    const [dy, targets] = [machine.address(inputs.dy!), machine.address(inputs.targets!)];
    const at = machine.address(output);
    const code = bceWithLogits.operands.logits!;
    machine.side.densityGradient(code, dy, at, targets, at, at, rows, columns);
    return output;
  },
};

/** Its code in assembly/likelihood/densities.ts. */
const squaredNormCode = 4;

/** Each tensor is a row of its own; the few sums are added here, in float64. */
const squaredNorm = kernel<Inputs, unknown>({
  name: squaredNormKernel,
  run: (machine, inputs) => {
    const tensors = Object.values(inputs);
    const output = machine.output([]);
    const sum = machine.address(output);
    const sums = tensors.map((x) => {
      const at = machine.address(x);
      machine.side.density(squaredNormCode, at, at, at, sum, 1, util.sizeFromShape(x.shape));
      return machine.numbers(output)[0]!;
    });
    machine.numbers(output)[0] = sums.reduce((a, b) => a + b, 0);
    return output;
  },
});

/** Log-probabilities and divergences, a sum a row, with their gradients; and the squared norm, one sum. */
export const densityKernels: readonly Kernel[] = [
  summed(bceWithLogits),
  bceGradientFromStock,
  ...densities.flatMap((density) => [summed(density), gradient(density)]),
  squaredNorm,
];
