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
type Scalars = Readonly<Record<'beta1' | 'beta2' | 'rate' | 'epsilon' | 'zero', number>> &
  Readonly<Record<'kept' | 'scale', number | undefined>>;

/** Those of the composition, with what the decays leave. */
type Composed = Omit<Scalars, 'zero'> & Readonly<Record<'rest1' | 'rest2', number>>;

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

/** The same in operations without a state, which a program can hold. */
function composed(
  native: Native,
  { param, gradient, first, second }: Part,
  { beta1, beta2, rest1, rest2, rate, epsilon, kept, scale }: Composed,
): readonly [TensorInfo, TensorInfo, TensorInfo] {
  const [before, given, mean, square] = [param, gradient, first, second].map(native.idOf);
  const options = [kept, scale].filter((id) => id !== undefined);
  const inputs = [before!, given!, mean!, square!, beta1, beta2, rest1, rest2, rate, epsilon];
  const name = `${adamUpdateKernel}${kept === undefined ? '' : ' kept'}${scale === undefined ? '' : ' scaled'}`;
  const [p, m, v] = native.sequence(name, [...inputs, ...options], () => {
    const made: number[] = [];
    const run = (operation: string, ...of: readonly number[]): number => {
      const id = native.run(operation, 'T', of);
      made.push(id);
      return id;
    };
    const mix = (old: number, share: number, fresh: number, rest: number): number =>
      run('AddV2', run('Mul', old, share), run('Mul', fresh, rest));
    const g = scale === undefined ? given! : run('Mul', given!, scale);
    const m = mix(mean!, beta1, g, rest1);
    const v = mix(square!, beta2, run('Square', g), rest2);
    const change = run('Mul', rate, run('RealDiv', m, run('AddV2', run('Sqrt', v), epsilon)));
    const p = run('Sub', kept === undefined ? before! : run('Mul', before!, kept), change);
    native.free(...made.filter((id) => ![p, m, v].includes(id)));
    return [p, m, v];
  });
  const { shape } = param;
  return [native.toTensor(p!, shape), native.toTensor(m!, shape), native.toTensor(v!, shape)];
}

/** A step of Adam by TensorFlow's own kernel for it; or composed, in a program. */
export const adam: KernelConfig = {
  kernelName: adamUpdateKernel,
  backendName: 'tensorflow',
  kernelFunc: ({ inputs, attrs, backend }) => {
    const native = nativeOf(backend);
    const { scale, ...listed } = inputs;
    const { decay, ...numbers } = attrs as unknown as AdamUpdateAttrs;
    const { beta1, beta2 } = numbers;
    const count = Object.keys(listed).length / 4;
    const at = (place: number, i: number): TensorInfo => listed[place * count + i]!;
    const uploaded = Object.entries({
      ...numbers,
      ...(native.recording ? { rest1: 1 - beta1, rest2: 1 - beta2 } : { zero: 0 }),
      ...(decay !== 0 && { kept: 1 - decay }),
    }).map(([name, value]) => [name, native.scalar(value)] as const);
    const scalars = {
      ...Object.fromEntries(uploaded),
      scale: scale && native.idOf(scale),
    } as unknown as Scalars & Composed;
    const variables = new Variables(native);
    const updated = Array.from({ length: count }, (_, i) => {
      const part = { param: at(0, i), gradient: at(1, i), first: at(2, i), second: at(3, i) };
      return native.recording
        ? composed(native, part, scalars)
        : update(native, variables, part, scalars);
    });
    variables.free();
    native.free(...uploaded.map(([, id]) => id));
    return ([0, 1, 2] as const).flatMap((place) => updated.map((tensors) => tensors[place]));
  },
};
