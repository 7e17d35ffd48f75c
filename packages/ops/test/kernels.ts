import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as ops from '../src/index.js';
import * as formulas from './formulas.js';
import type { Reference } from './numbers.js';

/** The numbers of a tensor on the cpu backend. */
export function valuesOf(backend: unknown, { dataId }: tf.TensorInfo): Float32Array {
  return (backend as MathBackendCPU).data.get(dataId).values as Float32Array;
}

/** A new tensor on the cpu backend. */
export function write(backend: unknown, values: ArrayLike<number>, shape: number[]): tf.TensorInfo {
  return (backend as MathBackendCPU).makeTensorInfo(shape, 'float32', Float32Array.from(values));
}

type Attrs = Readonly<Record<string, unknown>>;

function reference(
  kernelName: string,
  names: readonly string[],
  outputShape: (shapes: readonly number[][]) => number[],
  formula: (batch: number, attrs: Attrs) => Reference,
  onRun: (kernelName: string) => void,
): tf.KernelConfig {
  return {
    kernelName,
    backendName: 'cpu',
    kernelFunc: ({ inputs, attrs, backend }) => {
      onRun(kernelName);
      const infos = names.map((name) => inputs[name]!);
      const shape = infos[0]!.shape;
      const batch = kernelName === ops.layerNormKernel ? shape[0]! * shape[1]! : shape[0]!;
      const values = formula(
        batch,
        attrs as Attrs,
      )(...infos.map((info) => Array.from(valuesOf(backend, info))));
      return write(backend, values, outputShape(infos.map((info) => info.shape)));
    },
  };
}

const batchOf = (shapes: readonly number[][]): number[] => [shapes[0]![0]!];
const first = (shapes: readonly number[][]): number[] => shapes[0]!;

/** Kernels for the cpu backend that compute every differentiable operation by its formula. */
export function referenceKernels(onRun: (kernelName: string) => void): tf.KernelConfig[] {
  const make = (
    name: string,
    inputs: readonly string[],
    shape: typeof batchOf,
    formula: (batch: number, attrs: Attrs) => Reference,
  ): tf.KernelConfig => reference(name, inputs, shape, formula, onRun);
  return [
    make(
      ops.denseKernel,
      ['x', 'kernel', 'bias'],
      ([x, kernel]) => [x![0]!, kernel![1]!],
      (batch, attrs) => formulas.denseFormula(batch, attrs.activation as ops.Activation),
    ),
    make(ops.bceWithLogitsKernel, ['logits', 'targets'], batchOf, formulas.bceFormula),
    make(ops.normalLogProbKernel, ['x', 'mean', 'logVar'], batchOf, formulas.normalLogProbFormula),
    make(ops.gaussianKlKernel, ['mean', 'logVar'], batchOf, formulas.gaussianKlFormula),
    make(ops.standardNormalLogProbKernel, ['z'], batchOf, formulas.standardNormalFormula),
    make(
      ops.reparameterizeKernel,
      ['mean', 'logVar', 'noise'],
      first,
      () => formulas.reparameterizeFormula,
    ),
    make(ops.layerNormKernel, ['x', 'gain', 'bias'], first, (rows, attrs) =>
      formulas.layerNormFormula(rows, attrs.epsilon as number),
    ),
    make(ops.logSumExpKernel, ['x'], batchOf, formulas.logSumExpFormula),
    make(ops.softBoundKernel, ['x'], first, (_rows, attrs) =>
      formulas.softBoundFormula(attrs.identity as number),
    ),
    make(
      ops.squaredNormKernel,
      ['0'],
      () => [],
      () => formulas.squaredNormFormula,
    ),
  ];
}
