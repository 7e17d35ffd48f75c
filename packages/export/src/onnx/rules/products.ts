import type { Dims, Node } from '../../graph/graph.js';
import type { OnnxRule, OnnxWriter } from '../writer.js';

/** The channels first, as ONNX has images; and last again, as TensorFlow.js has them. */
const channelsFirst = { perm: [0, 3, 1, 2] };
const channelsLast = { perm: [0, 2, 3, 1] };

function transposed(x: string, wanted: unknown, to: OnnxWriter): string {
  if (wanted !== true) return x;
  const perm = to.form(x).shape.map((_, axis) => axis);
  return to.op('Transpose', [x], { perm: [...perm.slice(0, -2), perm.at(-1)!, perm.at(-2)!] });
}

const matMul: OnnxRule = ({ inputs: { a, b }, attributes, outputs }, to) => {
  const { transposeA, transposeB } = attributes;
  to.op('MatMul', [transposed(a!, transposeA, to), transposed(b!, transposeB, to)], {}, outputs[0]);
};

/** What lies around images so that a convolution makes of `large` pixels `small`: before, and after, each axis. */
function paddingOf(
  { attributes }: Node,
  { large, small, kernel }: Readonly<Record<'large' | 'small' | 'kernel', readonly number[]>>,
): {
  readonly pads: readonly number[];
  readonly strides: readonly number[];
  readonly missing: readonly number[];
} {
  const strides = pairOf(attributes.strides);
  const reach = small.map((size, axis) => (size - 1) * strides[axis]! + kernel[axis]!);
  const around = reach.map((size, axis) =>
    attributes.pad === 'same' ? Math.max(size - large[axis]!, 0) : 0,
  );
  const before = around.map((size) => Math.floor(size / 2));
  return {
    strides,
    pads: [...before, ...around.map((size, axis) => size - before[axis]!)],
    missing: large.map((size, axis) => size + around[axis]! - reach[axis]!),
  };
}

const pairOf = (given: unknown): readonly number[] =>
  typeof given === 'number' ? [given, given] : (given as readonly number[]);

const sides = (shape: Dims): readonly number[] => shape.slice(1, 3) as readonly number[];

const conv: OnnxRule = (node, to) => {
  const { x, filter } = node.inputs;
  const { strides, pads } = paddingOf(node, {
    large: sides(to.form(x!).shape),
    small: sides(to.form(node.outputs[0]!).shape),
    kernel: to.form(filter!).shape.slice(0, 2) as readonly number[],
  });
  const image = to.op('Transpose', [x!], channelsFirst);
  const kernel = to.op('Transpose', [filter!], { perm: [3, 2, 0, 1] });
  const dilations = pairOf(node.attributes.dilations ?? 1);
  const made = to.op('Conv', [image, kernel], { strides, pads, dilations });
  to.op('Transpose', [made], channelsLast, node.outputs[0]);
};

const convTranspose: OnnxRule = (node, to) => {
  const { dy, filter } = node.inputs;
  const { strides, pads, missing } = paddingOf(node, {
    large: sides(to.form(node.outputs[0]!).shape),
    small: sides(to.form(dy!).shape),
    kernel: to.form(filter!).shape.slice(0, 2) as readonly number[],
  });
  const image = to.op('Transpose', [dy!], channelsFirst);
  const kernel = to.op('Transpose', [filter!], { perm: [3, 2, 0, 1] });
  const made = to.op('ConvTranspose', [image, kernel], { strides, pads, output_padding: missing });
  to.op('Transpose', [made], channelsLast, node.outputs[0]);
};

/** Matrix products and convolutions. */
export const products: Readonly<Record<string, OnnxRule>> = {
  BatchMatMul: matMul,
  Conv2D: conv,
  Conv2DBackpropInput: convTranspose,
};
