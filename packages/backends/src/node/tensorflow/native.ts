import type { TensorInfo } from '@tensorflow/tfjs-core';

type Kind = 'TYPE' | 'SHAPE' | 'STRING' | 'INT' | 'FLOAT';

/** What TensorFlow tells of a tensor: its type, as the binding numbers types, and its shape. */
export interface Described {
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** A tensor that was made, by its number in the binding. */
export interface Made extends Described {
  readonly id: number;
}

/** An attribute of an operation, as the binding takes it. */
export interface Attribute {
  readonly name: string;
  /** The kind of its value, as the binding numbers kinds. */
  readonly type: number;
  readonly value: unknown;
}

/** As much of tfjs-node's binding as is used here. Tensors are numbers, of which whoever got one frees it. */
export interface Binding extends Readonly<
  Record<'TF_FLOAT' | 'TF_INT32' | 'TF_ATTR_BOOL' | `TF_ATTR_${Kind}`, number>
> {
  /** Whether operations are put off, to be run as a program. */
  readonly recording?: boolean;
  createTensor(shape: readonly number[], type: number, values: ArrayLike<number>): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): unknown;
  executeOp(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly number[],
    outputs: number,
  ): readonly Made[];
  /** Operations that come together, noted as one where they are put off: see `Native.sequence`. */
  sequence?(
    name: string,
    inputs: readonly number[],
    make: () => readonly number[],
  ): readonly number[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(model: number): void;
  runSavedModel(
    model: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): readonly Made[];
}

/** As much of tfjs-node's backend as is used here. */
export interface TensorFlowBackend {
  binding: Binding;
  readonly tensorMap: { get(data: object): { id: number; readonly refCount: number } };
  getInputTensorIds(tensors: readonly TensorInfo[]): readonly number[];
  createOutputTensor(made: object): TensorInfo;
  incRef(data: object): void;
}

/** Attributes of an operation, each with its kind. */
type Attrs = Readonly<Record<string, readonly [Kind, unknown]>>;

/**
 * TensorFlow's operations on float32 tensors by their numbers in the binding, without a tensor of TensorFlow.js for each
 * that lies between. Whoever makes a number frees it, or hands it over.
 */
export interface Native {
  /** Whether operations are put off, to be run as a program, in which what lies between costs nothing. */
  readonly recording: boolean;
  /** A tensor's number, which stays its own. */
  idOf(tensor: TensorInfo): number;
  scalar(value: number): number;
  /**
   * Runs an operation that has one output.
   *
   * @param type The name of its attribute for the type of its numbers.
   */
  run(operation: string, type: string, inputs: readonly number[], attrs?: Attrs): number;
  /** Runs an operation that has none. */
  perform(operation: string, type: string, inputs: readonly number[]): void;
  /**
   * Runs operations that are the same whenever the name is, and the types and shapes of the inputs: where they are put off,
   * they are noted as one.
   *
   * @param make Uses no tensors but the inputs and what it makes, frees what lies between, and gives what it makes.
   */
  sequence(
    name: string,
    inputs: readonly number[],
    make: () => readonly number[],
  ): readonly number[];
  free(...ids: readonly number[]): void;
  /** Hands a number over to a tensor. */
  toTensor(id: number, shape: readonly number[]): TensorInfo;
  /**
   * Frees a tensor's data, unless another tensor shares them, so that a variable holds them alone; gives what makes the
   * tensor that follows it, from a number.
   */
  release(tensor: TensorInfo): (id: number) => TensorInfo;
}

/** Attributes that say no more than the type of an operation's numbers, by the name that they say it by. */
const plainAttributes: Record<string, readonly Attribute[]> = {};

export function nativeOf(given: object): Native {
  const backend = given as TensorFlowBackend;
  const { binding, tensorMap } = backend;
  const execute = (
    operation: string,
    type: string,
    inputs: readonly number[],
    attrs: Attrs,
    outputs: number,
  ) => {
    const plain = (plainAttributes[type] ??= [
      { name: type, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    ]);
    const others = Object.entries(attrs);
    const attributes =
      others.length === 0
        ? plain
        : [
            ...plain,
            ...others.map(([name, [kind, value]]) => ({
              name,
              type: binding[`TF_ATTR_${kind}`],
              value,
            })),
          ];
    return binding.executeOp(operation, attributes, inputs, outputs);
  };
  const toTensor: Native['toTensor'] = (id, shape) =>
    backend.createOutputTensor({ id, shape, dtype: binding.TF_FLOAT });
  return {
    recording: binding.recording === true,
    idOf: (tensor) => backend.getInputTensorIds([tensor])[0]!,
    scalar: (value) => binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value)),
    run: (operation, type, inputs, attrs = {}) => execute(operation, type, inputs, attrs, 1)[0]!.id,
    perform: (operation, type, inputs) => {
      execute(operation, type, inputs, {}, 0);
    },
    sequence: (name, inputs, make) => binding.sequence?.(name, inputs, make) ?? make(),
    free: (...ids) => {
      for (const id of ids) binding.deleteTensor(id);
    },
    toTensor,
    release: ({ dataId, shape, dtype }) => {
      const entry = tensorMap.get(dataId);
      if (entry.refCount > 1) return (id) => toTensor(id, shape);
      binding.deleteTensor(entry.id);
      return (id) => {
        entry.id = id;
        // The tensor given will be disposed, and this one lives on.
        backend.incRef(dataId);
        return { dataId, shape, dtype };
      };
    },
  };
}
