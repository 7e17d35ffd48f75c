import { normal, uniform } from '@elbo/random';
import { randomNormalKernel, randomUniformKernel, type NoiseAttrs } from '@elbo/ops';
import * as tf from '@tensorflow/tfjs-core';
import type { DataType, KernelBackend, Tensor } from '@tensorflow/tfjs-core';

/** Where a value of a trace comes from. */
type Source =
  | { readonly kind: 'input' | 'weight'; readonly name: string }
  | { readonly kind: 'noise'; readonly law: 'normal' | 'uniform' }
  /** A tensor that was there, or was made of numbers. */
  | { readonly kind: 'constant' }
  | { readonly kind: 'call' };

/** A tensor that was used or made. */
interface Value {
  readonly source: Source;
  readonly shape: readonly number[];
  readonly dtype: DataType;
  /** A copy, the caller's to dispose: of weights, constants, noise and what was asked for. */
  readonly copy: Tensor | undefined;
}

/** What a kernel was asked for, with its inputs and outputs by their places among the values. */
export interface Call {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, number>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly number[];
}

/** Everything that a computation asked its backend for, in order. */
export interface Trace {
  readonly values: readonly Value[];
  readonly calls: readonly Call[];
  /** By their names. */
  readonly outputs: Readonly<Record<string, number>>;
}

/** What is known before a computation begins. */
export interface Given {
  readonly inputs: Readonly<Record<string, Tensor>>;
  readonly weights: ReadonlyMap<string, Tensor>;
}

/** Whose numbers are always kept. */
const numbered: readonly Source['kind'][] = ['constant', 'noise', 'weight'];

const laws = { [randomNormalKernel]: 'normal', [randomUniformKernel]: 'uniform' } as const;

/**
 * Runs a computation, on the plain backend, where every operation is made of TensorFlow.js' own kernels, and notes what it
 * asks for.
 *
 * @param wanted The places of values whose numbers are wanted, beside weights, constants and noise.
 */
export function trace(
  run: () => Readonly<Record<string, Tensor>>,
  { inputs, weights }: Given,
  wanted: ReadonlySet<number> = new Set(),
): Trace {
  const engine = tf.engine();
  const values: Value[] = [];
  const calls: Call[] = [];
  const byId = new Map<number, number>();
  /** A tensor may be another view of the numbers of one that is known: the parameter of a detached copy, for one. */
  const byData = new Map<object, number[]>();
  const own = Object.getOwnPropertyDescriptor(engine, 'runKernel');
  const runKernel = engine.runKernel.bind(engine);
  const copyOf = (tensor: Tensor): Tensor => tf.keep(runKernel<Tensor>(tf.Identity, { x: tensor }));

  const note = (tensor: Tensor, source: Source): number => {
    const place = values.length;
    const kept = numbered.includes(source.kind) || wanted.has(place) ? copyOf(tensor) : undefined;
    values.push({ source, shape: [...tensor.shape], dtype: tensor.dtype, copy: kept });
    byId.set(tensor.id, place);
    byData.set(tensor.dataId, [...(byData.get(tensor.dataId) ?? []), place]);
    return place;
  };
  const placeOf = (tensor: Tensor): number => {
    const known = byId.get(tensor.id);
    if (known !== undefined) return known;
    const same = byData.get(tensor.dataId)?.findLast((place) => {
      const { shape, dtype } = values[place]!;
      return dtype === tensor.dtype && String(shape) === String(tensor.shape);
    });
    return same ?? note(tensor, { kind: 'constant' });
  };

  for (const [name, tensor] of Object.entries(inputs)) note(tensor, { kind: 'input', name });
  for (const [name, tensor] of weights) note(tensor, { kind: 'weight', name });
  const unplug = plugNoise();
  const noted = (
    kernel: string,
    given: tf.NamedTensorMap,
    attributes?: tf.NamedAttrMap,
  ): Tensor | Tensor[] => {
    const made = runKernel<Tensor | Tensor[]>(kernel, given, attributes);
    const law = laws[kernel as keyof typeof laws] as 'normal' | 'uniform' | undefined;
    if (law) {
      note(made as Tensor, { kind: 'noise', law });
      return made;
    }
    const used = Object.entries(given as Record<string, Tensor | undefined>).flatMap(
      ([name, tensor]) => (tensor ? [[name, placeOf(tensor)] as const] : []),
    );
    const outputs = (Array.isArray(made) ? made : [made]).map((tensor) =>
      note(tensor, { kind: 'call' }),
    );
    calls.push({
      kernel,
      inputs: Object.fromEntries(used),
      attributes: attributes ?? {},
      outputs,
    });
    return made;
  };
  engine.runKernel = noted as typeof engine.runKernel;
  try {
    return tf.tidy(() => {
      const made = Object.entries(run()).map(([name, tensor]) => [name, placeOf(tensor)] as const);
      return { values, calls, outputs: Object.fromEntries(made) } as unknown as tf.TensorContainer;
    }) as unknown as Trace;
  } finally {
    if (own) Object.defineProperty(engine, 'runKernel', own);
    else Reflect.deleteProperty(engine, 'runKernel');
    unplug();
  }
}

/** Frees the copies of a trace. */
export function disposeTrace({ values }: Trace): void {
  for (const { copy } of values) copy?.dispose();
}

/** Gives the current backend kernels of noise, so that draws are seen as such. Gives what takes them away. */
function plugNoise(): () => void {
  const backendName = tf.getBackend();
  const added = Object.entries(laws).filter(
    ([kernelName]) => !(tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined),
  );
  for (const [kernelName, law] of added)
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ attrs, backend }) => {
        const { words, shape } = attrs as unknown as NoiseAttrs;
        const draw = law === 'normal' ? normal : uniform;
        const drawn = draw({ words: [words[0], words[1]] }, tf.util.sizeFromShape([...shape]));
        const dataId = (backend as KernelBackend).write(drawn, [...shape], 'float32');
        return { dataId, shape: [...shape], dtype: 'float32' };
      },
    });
  return () => {
    for (const [kernelName] of added) tf.unregisterKernel(kernelName, backendName);
  };
}
