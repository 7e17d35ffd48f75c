import type { OnnxRule, OnnxWriter } from '../writer.js';
import { types } from '../messages.js';
import type { DType, Node } from '../../graph/graph.js';

/** Operators of one input that are called otherwise than kernels, or the same. */
const unary: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...['Abs', 'Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Ceil', 'Cos', 'Cosh', 'Elu'],
      ...['Erf', 'Exp', 'Floor', 'Identity', 'Log', 'Neg', 'Reciprocal', 'Relu', 'Round', 'Selu'],
      ...['Sigmoid', 'Sign', 'Sin', 'Sinh', 'Softplus', 'Sqrt', 'Tan', 'Tanh'],
    ].map((name) => [name, name]),
  ),
  IsNan: 'IsNaN',
  IsInf: 'IsInf',
  LogicalNot: 'Not',
};

const binary: Readonly<Record<string, string>> = {
  Add: 'Add',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
  Pow: 'Pow',
  Prelu: 'PRelu',
  Equal: 'Equal',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
};

const ofX =
  (write: (x: string, to: OnnxWriter, node: Node) => void): OnnxRule =>
  (node, to) => {
    write(node.inputs.x!, to, node);
  };

const direct =
  (type: string): OnnxRule =>
  ({ inputs, outputs }, to) => {
    to.op(type, Object.values(inputs), {}, outputs[0]);
  };

const ofPair =
  (type: string): OnnxRule =>
  ({ inputs: { a, b, alpha, x }, outputs }, to) => {
    to.op(type, [a ?? x!, b ?? alpha!], {}, outputs[0]);
  };

/** Kernels that work on each element. */
export const elementwise: Readonly<Record<string, OnnxRule>> = {
  ...Object.fromEntries(Object.entries(unary).map(([kernel, type]) => [kernel, direct(type)])),
  ...Object.fromEntries(Object.entries(binary).map(([kernel, type]) => [kernel, ofPair(type)])),
  Square: ofX((x, to, { outputs }) => to.op('Mul', [x, x], {}, outputs[0])),
  Rsqrt: ofX((x, to, { outputs }) => to.op('Reciprocal', [to.op('Sqrt', [x])], {}, outputs[0])),
  // eˣ − 1 = tanh(x/2) (eˣ + 1), exact near 0 too.
  Expm1: ofX((x, to, { outputs }) => {
    const half = to.op('Tanh', [to.op('Mul', [x, to.scalar(0.5)])]);
    to.op('Mul', [half, to.op('Add', [to.op('Exp', [x]), to.scalar(1)])], {}, outputs[0]);
  }),
  Log1p: ofX((x, to, { outputs }) =>
    to.op('Log', [to.op('Add', [x, to.scalar(1)])], {}, outputs[0]),
  ),
  Relu6: ofX((x, to, { outputs }) =>
    to.op('Clip', [x, to.scalar(0), to.scalar(6)], {}, outputs[0]),
  ),
  Step: ofX((x, to, { attributes, outputs }) => {
    const positive = to.op('Greater', [x, to.scalar(0)]);
    const otherwise = to.scalar((attributes.alpha as number | undefined) ?? 0);
    to.op('Where', [positive, to.scalar(1), otherwise], {}, outputs[0]);
  }),
  LeakyRelu: ofX((x, to, { attributes, outputs }) =>
    to.op('LeakyRelu', [x], { alpha: { float: attributes.alpha as number } }, outputs[0]),
  ),
  ClipByValue: ofX((x, to, { attributes, outputs }) => {
    const least = to.scalar(attributes.clipValueMin as number);
    const most = to.scalar(attributes.clipValueMax as number);
    to.op('Clip', [x, least, most], {}, outputs[0]);
  }),
  Cast: ofX((x, to, { attributes, outputs }) =>
    to.op('Cast', [x], { to: types[attributes.dtype as DType] }, outputs[0]),
  ),
  NotEqual: ({ inputs: { a, b }, outputs }, to) => {
    to.op('Not', [to.op('Equal', [a!, b!])], {}, outputs[0]);
  },
  SquaredDifference: ({ inputs: { a, b }, outputs }, to) => {
    const apart = to.op('Sub', [a!, b!]);
    to.op('Mul', [apart, apart], {}, outputs[0]);
  },
  FloorDiv: ({ inputs: { a, b }, outputs }, to) => {
    to.op('Floor', [to.op('Div', [a!, b!])], {}, outputs[0]);
  },
  Select: ({ inputs: { condition, t, e }, outputs }, to) => {
    to.op('Where', [condition!, t!, e!], {}, outputs[0]);
  },
  IsFinite: ofX((x, to, { outputs }) => {
    const none = to.op('Sub', [x, x]);
    to.op('Equal', [none, to.scalar(0)], {}, outputs[0]);
  }),
};
