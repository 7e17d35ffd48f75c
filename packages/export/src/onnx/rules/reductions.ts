import type { Node } from '../../graph/graph.js';
import { types } from '../messages.js';
import type { OnnxRule, OnnxWriter } from '../writer.js';

/** The axes that a kernel reduces: all where it names none. */
export function axesOf(axis: unknown, rank: number): readonly number[] {
  const all = Array.from({ length: rank }, (_, i) => i);
  if (axis === null || axis === undefined) return all;
  return (Array.isArray(axis) ? (axis as number[]) : [axis as number]).map((one) =>
    one < 0 ? one + rank : one,
  );
}

const reduced =
  (type: string): OnnxRule =>
  ({ inputs, attributes, outputs }, to) => {
    const x = inputs.x!;
    const { shape } = to.form(x);
    const axes = axesOf(attributes.axis ?? attributes.reductionIndices, shape.length);
    const keepdims = attributes.keepDims === true ? 1 : 0;
    if (axes.length === 0) to.op('Identity', [x], {}, outputs[0]);
    else if (type === 'ReduceSum')
      to.op(type, [numbers(x, to), to.ints(axes)], { keepdims }, outputs[0]);
    else to.op(type, [numbers(x, to)], { axes, keepdims }, outputs[0]);
  };

/** Truth values as whole numbers, which can be reduced. */
function numbers(x: string, to: OnnxWriter): string {
  return to.form(x).dtype === 'bool' ? to.op('Cast', [x], { to: types.int32 }) : x;
}

const truths =
  (type: string): OnnxRule =>
  ({ inputs, attributes, outputs }, to) => {
    const x = inputs.x!;
    const axes = axesOf(attributes.axis, to.form(x).shape.length);
    const keepdims = attributes.keepDims === true ? 1 : 0;
    const found = to.op(type, [numbers(x, to)], { axes, keepdims });
    to.op('Cast', [found], { to: types.bool }, outputs[0]);
  };

const along =
  (type: string): OnnxRule =>
  ({ inputs, attributes, outputs }, to) => {
    const x = inputs.logits ?? inputs.x!;
    const [axis] = axesOf(attributes.dim ?? attributes.axis ?? -1, to.form(x).shape.length);
    to.op(type, [x], { axis: axis! }, outputs[0]);
  };

const argument =
  (type: string): OnnxRule =>
  ({ inputs, attributes, outputs }: Node, to) => {
    const [axis] = axesOf(attributes.axis, to.form(inputs.x!).shape.length);
    const at = to.op(type, [inputs.x!], { axis: axis!, keepdims: 0 });
    to.op('Cast', [at], { to: types.int32 }, outputs[0]);
  };

/** Kernels that make fewer numbers of many, or look along an axis. */
export const reductions: Readonly<Record<string, OnnxRule>> = {
  Sum: reduced('ReduceSum'),
  Mean: reduced('ReduceMean'),
  Max: reduced('ReduceMax'),
  Min: reduced('ReduceMin'),
  Prod: reduced('ReduceProd'),
  All: truths('ReduceMin'),
  Any: truths('ReduceMax'),
  Softmax: along('Softmax'),
  LogSoftmax: along('LogSoftmax'),
  ArgMax: argument('ArgMax'),
  ArgMin: argument('ArgMin'),
  Cumsum: ({ inputs, attributes, outputs }, to) => {
    const [axis] = axesOf(attributes.axis, to.form(inputs.x!).shape.length);
    const exclusive = attributes.exclusive === true ? 1 : 0;
    const reverse = attributes.reverse === true ? 1 : 0;
    to.op('CumSum', [inputs.x!, to.ints([axis!])], { exclusive, reverse }, outputs[0]);
  },
};
