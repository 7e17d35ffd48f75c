import {
  backend_util,
  util,
  type MeanAttrs,
  type SumAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { converted } from '../converted.js';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { isPlain, type Tensors } from '../types.js';

type X = Tensors<'x'>;

const bytes = Float32Array.BYTES_PER_ELEMENT;

/** A sum over the middle one of three dimensions. */
interface Stage {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

/** The sums that reduce axes of a shape, one for each run of neighbouring axes, from the last. */
function stagesOf(shape: readonly number[], axes: readonly number[]): Stage[] {
  const stages: Stage[] = [];
  let inner = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (!axes.includes(d)) {
      inner *= shape[d]!;
      continue;
    }
    let n = 1;
    for (; d >= 0 && axes.includes(d); d--) n *= shape[d]!;
    d++;
    stages.push({ outer: util.sizeFromShape(shape.slice(0, d)), n, inner });
  }
  return stages.filter(({ n }) => n !== 1);
}

function runStage(
  { side, address, scratch }: Machine,
  { outer, n, inner }: Stage,
  from: TensorInfo,
  to: TensorInfo,
  divisor: number,
): void {
  if (from.dtype === 'int32') side.sumOfIntegers(outer, n, inner, address(from), address(to));
  else {
    const room = scratch(side.sumScratch(n, inner));
    side.sum(outer, n, inner, address(from), address(to), divisor, room, inner * bytes);
  }
}

/** The sum of x along axes, divided by a divisor unless x is of integers. */
function reduce(machine: Machine, x: TensorInfo, { axis, keepDims }: SumAttrs, mean: boolean) {
  const axes = util.parseAxisParam(axis, x.shape);
  const [kept, reduced] = backend_util.computeOutAndReduceShapes(x.shape, axes);
  const shape = keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
  const stages = stagesOf(x.shape, axes);
  if (stages.length === 0) return machine.alias(x, shape);
  let from = x;
  stages.forEach((stage, i) => {
    const last = i === stages.length - 1;
    const to = machine.output(last ? shape : [stage.outer, stage.inner], x.dtype);
    runStage(machine, stage, from, to, last && mean ? util.sizeFromShape(reduced) : 1);
    if (from !== x) machine.free(from);
    from = to;
  });
  return from;
}

const sum = kernel<X, SumAttrs>({
  name: 'Sum',
  takes: ({ x }) => isPlain(x),
  run: (machine, { x }, attrs) =>
    converted(machine, x, x.dtype === 'float32' ? 'float32' : 'int32', (numbers) =>
      reduce(machine, numbers, attrs, false),
    ),
});

const mean = kernel<X, MeanAttrs>({
  name: 'Mean',
  takes: ({ x }) => isPlain(x),
  run: (machine, { x }, attrs) =>
    converted(machine, x, 'float32', (numbers) => reduce(machine, numbers, attrs, true)),
});

/** Sums and means, right to the last place of float32. */
export const sums: readonly Kernel[] = [sum, mean];
