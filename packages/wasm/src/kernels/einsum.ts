import {
  backend_util,
  type EinsumAttrs,
  type Tensor,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';

/** A tensor whose axes have the labels of an equation, as numbers. */
interface Labelled {
  readonly tensor: TensorInfo;
  readonly labels: readonly number[];
}

/** Operations on labelled tensors that keep what they make, until all is done. */
interface Workbench {
  call(name: string, inputs: Readonly<Record<string, TensorInfo>>, attrs: object): TensorInfo;
  reshaped(tensor: TensorInfo, shape: readonly number[]): TensorInfo;
  /** Frees all that was made but what is given out. */
  clear(): void;
}

function workbench(machine: Machine): Workbench {
  const made: TensorInfo[] = [];
  const keep = (tensor: TensorInfo): TensorInfo => {
    made.push(tensor);
    return tensor;
  };
  return {
    call: (name, inputs, attrs) => keep(machine.call(name, inputs, { ...attrs })),
    reshaped: (tensor, shape) => keep(machine.alias(tensor, shape)),
    clear: () => {
      made.forEach((tensor) => {
        machine.free(tensor);
      });
    },
  };
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((label, i) => label === b[i]);

/** The operand without the labels that only it has and that the result lacks: they are summed over. */
function summed(bench: Workbench, { tensor, labels }: Labelled, kept: ReadonlySet<number>) {
  const axes = [...labels.keys()].filter((axis) => !kept.has(labels[axis]!));
  if (axes.length === 0) return { tensor, labels };
  return {
    tensor: bench.call('Sum', { x: tensor }, { axis: axes, keepDims: false }),
    labels: labels.filter((label) => kept.has(label)),
  };
}

/** The operand with its axes in the order of the labels. */
function ordered(bench: Workbench, { tensor, labels }: Labelled, order: readonly number[]) {
  if (same(labels, order)) return tensor;
  return bench.call('Transpose', { x: tensor }, { perm: order.map((l) => labels.indexOf(l)) });
}

const numericType = (operands: readonly Labelled[]): 'float32' | 'int32' =>
  operands.some(({ tensor }) => tensor.dtype === 'float32') ? 'float32' : 'int32';

/**
 * The product of two operands, summed over the labels that both have and the result lacks, as a product of stacks of
 * matrices: a stack over the labels that all three have.
 */
function contract(bench: Workbench, a: Labelled, b: Labelled, result: readonly number[]): Labelled {
  const shared = a.labels.filter((label) => b.labels.includes(label));
  const contracted = shared.filter((label) => !result.includes(label));
  const stack = result.filter((label) => shared.includes(label));
  const rows = a.labels.filter((label) => !shared.includes(label));
  const columns = b.labels.filter((label) => !shared.includes(label));
  const size = (own: Labelled, labels: readonly number[]): number =>
    labels.reduce((n, label) => n * own.tensor.shape[own.labels.indexOf(label)]!, 1);
  const matrices = size(a, stack);

  /** Each matrix of an operand, as it lies: transposed or not. */
  const matrix = (own: Labelled, outer: readonly number[], inner: readonly number[]) => {
    const untransposed = [...stack, ...outer, ...inner];
    const transposed =
      !same(own.labels, untransposed) && same(own.labels, [...stack, ...inner, ...outer]);
    const order = transposed ? own.labels : untransposed;
    const shape = [size(own, outer), size(own, inner)];
    const tensor = ordered(bench, own, order);
    return {
      transposed,
      tensor: bench.reshaped(tensor, [matrices, ...(transposed ? shape.reverse() : shape)]),
    };
  };
  const outerProduct = (): TensorInfo => {
    const [column, row] = [matrix(a, rows, []), matrix(b, [], columns)];
    return bench.call('Multiply', { a: column.tensor, b: row.tensor }, {});
  };
  const product = (): TensorInfo => {
    const [left, right] = [matrix(a, rows, contracted), matrix(b, contracted, columns)];
    return bench.call(
      'BatchMatMul',
      { a: left.tensor, b: right.tensor },
      { transposeA: left.transposed, transposeB: right.transposed },
    );
  };
  const labels = [...stack, ...rows, ...columns];
  const shape = labels.map((label) => size(a.labels.includes(label) ? a : b, [label]));
  return {
    tensor: bench.reshaped(contracted.length > 0 ? product() : outerProduct(), shape),
    labels,
  };
}

const einsum = kernel<Readonly<Record<string, TensorInfo>>, EinsumAttrs>({
  name: 'Einsum',
  run: (machine, inputs, { equation }) => {
    const tensors = Object.values(inputs);
    const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(
      equation,
      tensors.length,
    );
    backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as unknown as Tensor[]);
    // The labels are numbered from those of the result, in its order.
    const result = [...allDims.keys()].slice(0, allDims.length - summedDims.length);
    const bench = workbench(machine);
    const operands = tensors.map((tensor, i) => ({ tensor, labels: idDims[i]! }));
    const dtype = numericType(operands);
    const [a, b] = operands.map(({ tensor: x, labels }, i) => {
      const others = operands.filter((_, j) => j !== i).flatMap((other) => other.labels);
      const tensor = x.dtype === dtype ? x : bench.call('Cast', { x }, { dtype });
      return summed(bench, { tensor, labels }, new Set([...result, ...others]));
    });
    const whole = b === undefined ? a! : contract(bench, a!, b, result);
    const output = machine.alias(ordered(bench, whole, result));
    bench.clear();
    return output;
  },
});

/** Sums of products by Einstein's convention. */
export const einsums: readonly Kernel[] = [einsum];
