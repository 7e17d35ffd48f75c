import { isOfRows, type Dim, type Dims, type Form } from '../../graph/graph.js';
import { types } from '../messages.js';
import type { OnnxRule, OnnxWriter } from '../writer.js';
import { axesOf } from './reductions.js';

/** Past the end of every axis. */
const end = 2 ** 31 - 1;

/** Whether a part begins at an axis' start and has all of it. */
const whole = (begin: Dim, size: Dim, all: Dim): boolean =>
  begin === 0 &&
  (size === -1 || size === all || (isOfRows(size) && isOfRows(all) && size.rows === all.rows));

/** To the shape that the graph says; where one size depends on the rows, it is what is left. */
function reshaped(x: string, { shape }: Form, to: OnnxWriter, output?: string): string {
  const open = shape.filter(isOfRows).length;
  const dims = open === 1 ? shape.map((dim) => (isOfRows(dim) ? -1 : dim)) : shape;
  return to.op('Reshape', [x, to.shape(dims)], {}, output);
}

const reshape: OnnxRule = ({ inputs, outputs }, to) => {
  reshaped(inputs.x ?? inputs.input!, to.form(outputs[0]!), to, outputs[0]);
};

const filled = (value: string, shape: Dims, to: OnnxWriter, output: string): void => {
  to.op('Expand', [value, to.shape(shape)], {}, output);
};

const like =
  (value: number): OnnxRule =>
  ({ inputs, outputs: [output] }, to) => {
    filled(to.scalar(value, inputs.x), to.form(output!).shape, to, output!);
  };

/** Kernels that move numbers, and make none. */
export const arrangements: Readonly<Record<string, OnnxRule>> = {
  Reshape: reshape,
  ExpandDims: reshape,
  ZerosLike: like(0),
  OnesLike: like(1),
  Fill: ({ attributes, outputs: [output] }, to) => {
    filled(to.scalar(attributes.value as number, output), to.form(output!).shape, to, output!);
  },
  BroadcastTo: ({ inputs, outputs: [output] }, to) => {
    filled(inputs.x!, to.form(output!).shape, to, output!);
  },
  Tile: ({ inputs, attributes, outputs }, to) => {
    to.op('Tile', [inputs.x!, to.shape(attributes.reps as Dims)], {}, outputs[0]);
  },
  Transpose: ({ inputs, attributes, outputs }, to) => {
    to.op('Transpose', [inputs.x!], { perm: attributes.perm as readonly number[] }, outputs[0]);
  },
  Concat: ({ inputs, attributes, outputs }, to) => {
    const [axis] = axesOf(attributes.axis, to.form(outputs[0]!).shape.length);
    to.op('Concat', Object.values(inputs), { axis: axis! }, outputs[0]);
  },
  Pack: ({ inputs, attributes, outputs }, to) => {
    const [axis] = axesOf(attributes.axis, to.form(outputs[0]!).shape.length);
    const layers = Object.values(inputs).map((x) => to.op('Unsqueeze', [x, to.ints([axis!])]));
    to.op('Concat', layers, { axis: axis! }, outputs[0]);
  },
  Unpack: ({ inputs, attributes, outputs }, to) => {
    const [axis] = axesOf(attributes.axis, to.form(inputs.value!).shape.length);
    for (const [at, output] of outputs.entries()) {
      const layer = [to.ints([at]), to.ints([at + 1]), to.ints([axis!])];
      const one = to.op('Slice', [inputs.value!, ...layer]);
      to.op('Squeeze', [one, to.ints([axis!])], {}, output);
    }
  },
  SplitV: ({ inputs, attributes, outputs }, to) => {
    const [axis] = axesOf(attributes.axis, to.form(inputs.x!).shape.length);
    const sizes = outputs.map((output) => to.form(output).shape[axis!]!);
    to.ops('Split', [inputs.x!, to.shape(sizes)], { axis: axis! }, outputs);
  },
  Slice: ({ inputs, attributes, outputs }, to) => {
    const x = inputs.x!;
    const { shape } = to.form(x);
    const begin = attributes.begin as Dims;
    const size = attributes.size as Dims;
    const axes = shape.flatMap((all, axis) =>
      whole(begin[axis]!, size[axis]!, all) ? [] : [axis],
    );
    if (axes.length === 0) {
      to.op('Identity', [x], {}, outputs[0]);
      return;
    }
    const ends = axes.map((axis) => plus(begin[axis]!, size[axis]!));
    const from = to.shape(axes.map((axis) => begin[axis]!));
    to.op('Slice', [x, from, to.shape(ends), to.ints(axes)], {}, outputs[0]);
  },
  Reverse: ({ inputs, attributes, outputs }, to) => {
    const axes = axesOf(attributes.dims, to.form(inputs.x!).shape.length);
    const all = (value: number): string => to.ints(axes.map(() => value));
    to.op('Slice', [inputs.x!, all(-1), all(-end), to.ints(axes), all(-1)], {}, outputs[0]);
  },
  PadV2: ({ inputs, attributes, outputs }, to) => {
    const paddings = attributes.paddings as readonly (readonly number[])[];
    const pads = to.ints([...paddings.map(([a]) => a!), ...paddings.map(([, b]) => b!)]);
    to.op('Pad', [inputs.x!, pads, to.scalar(attributes.constantValue as number)], {}, outputs[0]);
  },
  GatherV2: ({ inputs, attributes, outputs }, to) => {
    const [axis] = axesOf(attributes.axis, to.form(inputs.x!).shape.length);
    to.op('Gather', [inputs.x!, inputs.indices!], { axis: axis! }, outputs[0]);
  },
  // ONNX Runtime has it for 64-bit places and floats.
  OneHot: ({ inputs, attributes, outputs: [output] }, to) => {
    const [off, on] = [attributes.offValue, attributes.onValue].map((value) =>
      to.op('Unsqueeze', [to.scalar(value as number), to.ints([0])]),
    );
    const values = to.op('Concat', [off!, on!], { axis: 0 });
    const places = to.op('Cast', [inputs.indices!], { to: types.int64 });
    const made = to.op('OneHot', [places, to.ints([attributes.depth as number]), values]);
    to.op('Cast', [made], { to: types[to.form(output!).dtype] }, output);
  },
};

/** Where a part ends that begins at one place and is that large; −1 is to the end. */
function plus(begin: Dim, size: Dim): Dim {
  if (size === -1) return end;
  if (isOfRows(begin) || isOfRows(size)) {
    const count = (dim: Dim): number => (isOfRows(dim) ? dim.rows : dim === 0 ? 0 : NaN);
    return { rows: count(begin) + count(size) };
  }
  return begin + size;
}
