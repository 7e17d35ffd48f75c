import { adamUpdateKernel, type AdamUpdateAttrs } from '@elbo/ops';
import type { KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';
import { nativeOf, type Native } from './native.js';

/** TensorFlow frees a variable of this name with its last handle. */
const anonymous = 'cd2c89b7-88b7-44c8-ad83-06c2a9158347';

/** Variables for a parameter and its moments, of any sizes of one rank: to make one costs twice what an assignment does. */
class Variables {
  private readonly byRank = new Map<number, readonly number[]>();
  private readonly native: Native;

  constructor(native: Native) {
    this.native = native;
  }

  /**
   * Those of a rank, holding these tensors' own data: TensorFlow copies them when it writes while another holds them too.
   * What they held before they let go.
   */
  holding(values: readonly number[], rank: number): readonly number[] {
    const handles = this.byRank.get(rank) ?? values.map(() => this.made(rank));
    this.byRank.set(rank, handles);
    handles.forEach((handle, i) => {
      this.native.perform('AssignVariableOp', 'dtype', [handle, values[i]!]);
    });
    return handles;
  }

  free(): void {
    this.native.free(...[...this.byRank.values()].flat());
  }

  private made(rank: number): number {
    return this.native.run('VarHandleOp', 'dtype', [], {
      shape: ['SHAPE', new Array<number>(rank).fill(-1)],
      shared_name: ['STRING', anonymous],
    });
  }
}

/** One parameter's tensors. */
type Part = Readonly<Record<'param' | 'gradient' | 'first' | 'second', TensorInfo>>;

/** Numbers in the binding of the formula's scalars; `kept` is 1 − decay where there is decay. */
interface Scalars {
  readonly beta1: number;
  readonly beta2: number;
  readonly rate: number;
  readonly epsilon: number;
  readonly zero: number;
  readonly kept: number | undefined;
  readonly scale: number | undefined;
}

/**
 * The parameter and the moments after a step: one pass over the memory, where the composition takes twelve. Powers of
 * zero leave TensorFlow's own corrections for the moments' bias out, which `rate` and `epsilon` hold.
 */
function update(
  native: Native,
  held: Variables,
  { param, gradient, first, second }: Part,
  { beta1, beta2, rate, epsilon, zero, kept, scale }: Scalars,
): readonly [TensorInfo, TensorInfo, TensorInfo] {
  const products: number[] = [];
  const times = (tensor: TensorInfo, factor: number | undefined): number => {
    if (factor === undefined) return native.idOf(tensor);
    const product = native.run('Mul', 'T', [native.idOf(tensor), factor]);
    products.push(product);
    return product;
  };
  const g = times(gradient, scale);
  const values = [times(param, kept), native.idOf(first), native.idOf(second)];
  const variables = held.holding(values, param.shape.length);
  const follow = [first, second].map(native.release);
  native.perform('ResourceApplyAdam', 'T', [
    ...variables,
    ...[zero, zero, rate, beta1, beta2, epsilon, g],
  ]);
  const [p, m, v] = variables.map((handle) => native.run('ReadVariableOp', 'dtype', [handle]));
  native.free(...products);
  return [native.toTensor(p!, param.shape), follow[0]!(m!), follow[1]!(v!)];
}

/** A step of Adam by TensorFlow's own kernel for it. */
export const adam: KernelConfig = {
  kernelName: adamUpdateKernel,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const native = nativeOf(backend);
    const { scale, ...listed } = inputs;
    const { decay, ...numbers } = attrs as unknown as AdamUpdateAttrs;
    const count = Object.keys(listed).length / 4;
    const at = (place: number, i: number): TensorInfo => listed[place * count + i]!;
    const scalars = Object.entries({
      ...numbers,
      zero: 0,
      ...(decay !== 0 && { kept: 1 - decay }),
    }).map(([name, value]) => [name, native.scalar(value)] as const);
    const named = Object.fromEntries(scalars) as unknown as Scalars;
    const variables = new Variables(native);
    const updated = Array.from({ length: count }, (_, i) =>
      update(
        native,
        variables,
        { param: at(0, i), gradient: at(1, i), first: at(2, i), second: at(3, i) },
        { ...named, scale: scale && native.idOf(scale) },
      ),
    );
    variables.free();
    native.free(...scalars.map(([, id]) => id));
    return ([0, 1, 2] as const).flatMap((place) => updated.map((tensors) => tensors[place]));
  },
};
