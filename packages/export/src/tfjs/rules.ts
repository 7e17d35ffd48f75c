import { isOfRows, type Dim, type Dims, type DType } from '../graph/graph.js';
import { axesOf } from '../onnx/rules/reductions.js';
import { text, types, type TfRule, type TfWriter } from './writer.js';

/** Kernels that have no attributes, by TensorFlow's names, which most share. */
const plain: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Cos', 'Cosh', 'Elu'],
      ...['Erf', 'Exp', 'Expm1', 'Floor', 'Identity', 'Log', 'Log1p', 'Neg', 'Reciprocal', 'Relu'],
      ...['Relu6', 'Round', 'Rsqrt', 'Selu', 'Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softplus', 'Sqrt'],
      ...['Square', 'Tan', 'Tanh', 'IsNan', 'IsInf', 'IsFinite', 'LogicalNot', 'ZerosLike'],
      ...['OnesLike', 'Sub', 'RealDiv', 'Maximum', 'Minimum', 'Pow', 'Prelu', 'SquaredDifference'],
      ...['FloorDiv', 'Equal', 'NotEqual', 'Less', 'LessEqual', 'Greater', 'GreaterEqual'],
      ...['LogicalAnd', 'LogicalOr', 'Softmax', 'LogSoftmax'],
    ].map((name) => [name, name]),
  ),
  Add: 'AddV2',
  Multiply: 'Mul',
  Select: 'SelectV2',
};

const direct =
  (op: string): TfRule =>
  ({ inputs, outputs }, to) => {
    to.op(op, Object.values(inputs), {}, outputs[0]);
  };

const reduced =
  (op: string): TfRule =>
  ({ inputs: { x }, attributes, outputs }, to) => {
    const { shape } = to.form(x!);
    const axes = axesOf(attributes.axis ?? attributes.reductionIndices, shape.length);
    const keep = { keep_dims: { b: attributes.keepDims === true } };
    to.op(op, [x!, to.ints(axes)], keep, outputs[0]);
  };

const along =
  (op: string): TfRule =>
  ({ inputs: { x }, attributes, outputs }, to) => {
    const [axis] = axesOf(attributes.axis, to.form(x!).shape.length);
    const { exclusive, reverse } = attributes;
    const attr = { exclusive: { b: exclusive === true }, reverse: { b: reverse === true } };
    to.op(op, [x!, to.scalar(axis!, 'int32')], op === 'Cumsum' ? attr : {}, outputs[0]);
  };

/** The shape that the graph says; where one size depends on the rows, it is what is left. */
function open(shape: Dims, to: TfWriter): string {
  const one = shape.filter(isOfRows).length === 1;
  return to.shape(one ? shape.map((dim) => (isOfRows(dim) ? -1 : dim)) : shape);
}

const reshape: TfRule = ({ inputs: { x, input }, outputs: [output] }, to) => {
  to.op('Reshape', [x ?? input!, open(to.form(output!).shape, to)], {}, output);
};

/** To the end of an axis, where that is meant: so that a size need not be computed. */
const sizeOf = (begin: Dim, size: Dim, all: Dim): Dim =>
  begin === 0 && isOfRows(size) && isOfRows(all) && size.rows === all.rows ? -1 : size;

/** A stride or dilation for each axis of images. */
const four = (given: unknown): { readonly list: { readonly i: readonly number[] } } => {
  const [height, width] = typeof given === 'number' ? [given, given] : (given as readonly number[]);
  return { list: { i: [1, height!, width!, 1] } };
};

const convolution = (attributes: Readonly<Record<string, unknown>>) => ({
  strides: four(attributes.strides),
  dilations: four(attributes.dilations ?? 1),
  padding: text(String(attributes.pad).toUpperCase()),
  data_format: text('NHWC'),
});

/** Names the outputs of a node that has several. */
function several(outputs: readonly string[], node: string, to: TfWriter): void {
  for (const [at, output] of outputs.entries()) to.alias(output, at === 0 ? node : `${node}:${at}`);
}

/** How kernels are written as nodes of a graph model. */
export const rules: ReadonlyMap<string, TfRule> = new Map(
  Object.entries<TfRule>({
    ...Object.fromEntries(Object.entries(plain).map(([kernel, op]) => [kernel, direct(op)])),
    ...Object.fromEntries(
      ['Sum', 'Mean', 'Max', 'Min', 'Prod', 'All', 'Any'].map((op) => [op, reduced(op)]),
    ),
    ...Object.fromEntries(['ArgMax', 'ArgMin', 'Cumsum'].map((op) => [op, along(op)])),
    LeakyRelu: ({ inputs, attributes, outputs }, to) => {
      to.op('LeakyRelu', [inputs.x!], { alpha: { f: attributes.alpha as number } }, outputs[0]);
    },
    ClipByValue: ({ inputs, attributes, outputs }, to) => {
      const least = to.scalar(attributes.clipValueMin as number);
      const most = to.scalar(attributes.clipValueMax as number);
      to.op('ClipByValue', [inputs.x!, least, most], {}, outputs[0]);
    },
    Step: ({ inputs, attributes, outputs }, to) => {
      const positive = to.op('Greater', [inputs.x!, to.scalar(0)]);
      const otherwise = to.scalar((attributes.alpha as number | undefined) ?? 0);
      to.op('SelectV2', [positive, to.scalar(1), otherwise], {}, outputs[0]);
    },
    Cast: ({ inputs, attributes, outputs }, to) => {
      const from = { type: types[to.form(inputs.x!).dtype] };
      const into = { type: types[attributes.dtype as DType] };
      to.op('Cast', [inputs.x!], { SrcT: from, DstT: into }, outputs[0]);
    },
    Reshape: reshape,
    ExpandDims: reshape,
    BroadcastTo: ({ inputs, outputs: [output] }, to) => {
      to.op('BroadcastTo', [inputs.x!, to.shape(to.form(output!).shape)], {}, output);
    },
    Fill: ({ attributes, outputs: [output] }, to) => {
      const { shape, dtype } = to.form(output!);
      const value = to.scalar(attributes.value as number, dtype as 'float32');
      to.op('Fill', [to.shape(shape), value], { T: { type: types[dtype] } }, output);
    },
    Tile: ({ inputs, attributes, outputs }, to) => {
      to.op('Tile', [inputs.x!, to.shape(attributes.reps as Dims)], {}, outputs[0]);
    },
    Transpose: ({ inputs, attributes, outputs }, to) => {
      to.op('Transpose', [inputs.x!, to.shape(attributes.perm as Dims)], {}, outputs[0]);
    },
    Concat: ({ inputs, attributes, outputs }, to) => {
      const [axis] = axesOf(attributes.axis, to.form(outputs[0]!).shape.length);
      const all = Object.values(inputs);
      to.op('ConcatV2', [...all, to.scalar(axis!, 'int32')], { N: { i: all.length } }, outputs[0]);
    },
    Pack: ({ inputs, attributes, outputs }, to) => {
      const axis = { i: attributes.axis as number };
      to.op('Pack', Object.values(inputs), { axis }, outputs[0]);
    },
    Unpack: ({ inputs, attributes, outputs }, to) => {
      const attr = { axis: { i: attributes.axis as number }, num: { i: outputs.length } };
      several(outputs, to.op('Unpack', [inputs.value!], attr), to);
    },
    SplitV: ({ inputs, attributes, outputs }, to) => {
      const [axis] = axesOf(attributes.axis, to.form(inputs.x!).shape.length);
      const sizes = to.shape(outputs.map((output) => to.form(output).shape[axis!]!));
      several(outputs, to.op('SplitV', [inputs.x!, sizes, to.scalar(axis!, 'int32')]), to);
    },
    Slice: ({ inputs, attributes, outputs }, to) => {
      const begin = attributes.begin as Dims;
      const { shape } = to.form(inputs.x!);
      const size = (attributes.size as Dims).map((one, axis) =>
        sizeOf(begin[axis]!, one, shape[axis]!),
      );
      to.op('Slice', [inputs.x!, to.shape(begin), to.shape(size)], {}, outputs[0]);
    },
    Reverse: ({ inputs, attributes, outputs }, to) => {
      const axes = axesOf(attributes.dims, to.form(inputs.x!).shape.length);
      to.op('ReverseV2', [inputs.x!, to.ints(axes)], {}, outputs[0]);
    },
    GatherV2: ({ inputs, attributes, outputs }, to) => {
      const [axis] = axesOf(attributes.axis, to.form(inputs.x!).shape.length);
      const from = [inputs.x!, inputs.indices!, to.scalar(axis!, 'int32')];
      to.op('GatherV2', from, { batch_dims: { i: 0 } }, outputs[0]);
    },
    OneHot: ({ inputs, attributes, outputs }, to) => {
      const numbers = [attributes.depth, attributes.onValue, attributes.offValue].map((value) =>
        to.scalar(value as number, 'int32'),
      );
      const { dtype } = to.form(outputs[0]!);
      const attr = { axis: { i: -1 }, T: { type: types[dtype] } };
      to.op('OneHot', [inputs.indices!, ...numbers], attr, outputs[0]);
    },
    BatchMatMul: ({ inputs: { a, b }, attributes, outputs }, to) => {
      const attr = {
        adj_x: { b: attributes.transposeA === true },
        adj_y: { b: attributes.transposeB === true },
      };
      to.op('BatchMatMulV2', [a!, b!], attr, outputs[0]);
    },
    Conv2D: ({ inputs, attributes, outputs }, to) => {
      to.op('Conv2D', [inputs.x!, inputs.filter!], convolution(attributes), outputs[0]);
    },
    Conv2DBackpropInput: ({ inputs, attributes, outputs: [output] }, to) => {
      const size = to.shape(to.form(output!).shape);
      const from = [size, inputs.filter!, inputs.dy!];
      to.op('Conv2DBackpropInput', from, convolution(attributes), output);
    },
  }),
);
