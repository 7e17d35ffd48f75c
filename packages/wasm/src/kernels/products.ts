import {
  broadcast_util,
  util,
  type BatchMatMulAttrs,
  type TensorInfo,
  type _FusedMatMulAttrs,
} from '@tensorflow/tfjs-core';
import { denseKernel, type DenseAttrs, type DenseInputs } from '@elbo/ops';
import { activationCode, leakyReluSlope } from '../activations.js';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { broadcastPlaces } from '../matrices.js';
import { isNumeric, type Tensors } from '../types.js';

/** [..., I, K] and [..., K, J], or transposed; the dimensions before broadcast. */
type Factors = Tensors<'a' | 'b'>;

/** What a product is finished with. */
interface Finish {
  /** Broadcasts to the product. */
  readonly bias?: TensorInfo | undefined;
  /** A code of the side module. */
  readonly activation: number;
  readonly parameter: number;
}

const unfinished: Finish = { activation: 0, parameter: 0 };
const bytes = Float32Array.BYTES_PER_ELEMENT;

/** A stack of matrices: their extents as the product sees them, and the steps in bytes between their elements. */
interface Stack {
  readonly outer: readonly number[];
  readonly rows: number;
  readonly columns: number;
  readonly down: number;
  readonly along: number;
}

function stackOf({ shape }: TensorInfo, transposed: boolean): Stack {
  const [stored, width] = [shape.at(-2)!, shape.at(-1)!];
  const outer = shape.slice(0, -2);
  return transposed
    ? { outer, rows: width, columns: stored, down: bytes, along: width * bytes }
    : { outer, rows: stored, columns: width, down: width * bytes, along: bytes };
}

/** The bytes from one matrix of a stack to the next. */
const size = ({ rows, columns }: Stack): number => rows * columns * bytes;

/** A · B of two stacks of matrices, with a bias and an activation. */
function multiply(
  machine: Machine,
  { a, b }: Factors,
  transposed: Readonly<Record<'a' | 'b', boolean>>,
  finish: Finish = unfinished,
): TensorInfo {
  const [left, right] = [stackOf(a, transposed.a), stackOf(b, transposed.b)];
  util.assert(
    left.columns === right.rows,
    () =>
      `matMul: the inner sizes of [${a.shape.join(', ')}] and [${b.shape.join(', ')}] differ: ` +
      `${left.columns} and ${right.rows}, with transposeA ${transposed.a} and transposeB ${transposed.b}.`,
  );
  const outer = broadcast_util.assertAndGetBroadcastShape([...left.outer], [...right.outer]);
  const output = machine.output([...outer, left.rows, right.columns], a.dtype);
  const [fromA, fromB, to] = [machine.address(a), machine.address(b), machine.address(output)];
  const { side } = machine;
  const product = a.dtype === 'int32' ? side.productOfIntegers : side.product;
  // One matrix for a whole stack that lies row by row: the stack is one long matrix.
  const joined = !transposed.a && util.sizeFromShape([...right.outer]) === 1;
  const matrices = joined ? 1 : util.sizeFromShape(outer);
  const rows = joined ? left.rows * util.sizeFromShape([...left.outer]) : left.rows;
  const scratch = machine.productScratch(rows, right.columns, left.columns);
  const [ofA, ofB] = [broadcastPlaces(left.outer, outer), broadcastPlaces(right.outer, outer)];
  for (let i = 0; i < matrices; i++) {
    product(
      rows,
      right.columns,
      left.columns,
      fromA + ofA(i) * size(left),
      left.down,
      left.along,
      fromB + ofB(i) * size(right),
      right.down,
      right.along,
      to + i * rows * right.columns * bytes,
      right.columns * bytes,
      scratch,
    );
  }
  finishStack(machine, { address: to, outer, rows: left.rows, columns: right.columns }, finish);
  return output;
}

/** Adds the bias to a stack of matrices that lie one after the other, and activates them. */
function finishStack(
  machine: Machine,
  stack: Pick<Stack, 'outer' | 'rows' | 'columns'> & { readonly address: number },
  { bias, activation, parameter }: Finish,
): void {
  const { address, outer, rows, columns } = stack;
  const count = util.sizeFromShape([...outer]);
  if (bias === undefined) {
    if (activation !== unfinished.activation)
      machine.side.finish(address, count * rows, columns, 0, 0, true, activation, parameter);
    return;
  }
  const [down, along] = [bias.shape.at(-2) ?? 1, bias.shape.at(-1) ?? 1];
  const places = broadcastPlaces(bias.shape.slice(0, -2), outer);
  const from = machine.address(bias);
  const overRow = down === 1 ? 0 : along * bytes;
  // One row for all: the stack is one long matrix.
  const joined = down === 1 && util.sizeFromShape(bias.shape.slice(0, -2)) === 1;
  for (let i = 0; i < (joined ? 1 : count); i++) {
    machine.side.finish(
      address + i * rows * columns * bytes,
      joined ? count * rows : rows,
      columns,
      from + places(i) * down * along * bytes,
      overRow,
      along > 1 || columns === 1,
      activation,
      parameter,
    );
  }
}

const ofOneType = ({ a, b }: Factors): boolean => a.dtype === b.dtype && isNumeric(a);

const batchMatMul = kernel<Factors, BatchMatMulAttrs>({
  name: 'BatchMatMul',
  takes: ofOneType,
  run: (machine, factors, { transposeA, transposeB }) =>
    multiply(machine, factors, { a: transposeA, b: transposeB }),
});

type FusedInputs = Factors & Partial<Tensors<'bias' | 'preluActivationWeights'>>;

const fusedMatMul = kernel<FusedInputs, _FusedMatMulAttrs>({
  name: '_FusedMatMul',
  takes: ofOneType,
  run: (machine, { a, b, bias, preluActivationWeights: alpha }, attrs) => {
    const { transposeA, transposeB, leakyreluAlpha: parameter = leakyReluSlope } = attrs;
    const prelu = (attrs.activation as string) === 'prelu';
    const activation = prelu ? 0 : activationCode(attrs.activation);
    util.assert(
      activation !== undefined && (!prelu || alpha !== undefined),
      () => `fused.matMul: no activation '${attrs.activation}', or one without its weights.`,
    );
    const finish = { bias, activation: activation!, parameter };
    const product = multiply(machine, { a, b }, { a: transposeA, b: transposeB }, finish);
    if (!prelu) return product;
    const output = machine.call('Prelu', { x: product, alpha: alpha! });
    machine.free(product);
    return output;
  },
});

const dense = kernel<DenseInputs, DenseAttrs>({
  name: denseKernel,
  run: (machine, { x, kernel: weights, bias }, { activation }) =>
    multiply(
      machine,
      { a: x, b: weights },
      { a: false, b: false },
      {
        bias,
        activation: activationCode(activation)!,
        parameter: leakyReluSlope,
      },
    ),
});

/** Matrix products. */
export const products: readonly Kernel[] = [batchMatMul, fusedMatMul, dense];
