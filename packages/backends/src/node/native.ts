import type { TensorInfo } from '@tensorflow/tfjs-core';

type Kind = 'TYPE' | 'SHAPE' | 'STRING' | 'INT' | 'FLOAT';

/** As much of tfjs-node's backend as is used here. */
interface Backend {
  readonly binding: Readonly<Record<'TF_FLOAT' | `TF_ATTR_${Kind}`, number>> & {
    createTensor(shape: readonly number[], type: number, values: Float32Array): number;
    deleteTensor(id: number): void;
    executeOp(
      name: string,
      attrs: readonly { readonly name: string; readonly type: number; readonly value: unknown }[],
      inputs: readonly number[],
      outputs: number,
    ): readonly { readonly id: number }[];
  };
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
  free(...ids: readonly number[]): void;
  /** Hands a number over to a tensor. */
  toTensor(id: number, shape: readonly number[]): TensorInfo;
  /**
   * Frees a tensor's data, unless another tensor shares them, so that a variable holds them alone; gives what makes the
   * tensor that follows it, from a number.
   */
  release(tensor: TensorInfo): (id: number) => TensorInfo;
}

export function nativeOf(given: object): Native {
  const backend = given as Backend;
  const { binding, tensorMap } = backend;
  const execute = (
    operation: string,
    type: string,
    inputs: readonly number[],
    attrs: Attrs,
    outputs: number,
  ) =>
    binding.executeOp(
      operation,
      [
        { name: type, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        ...Object.entries(attrs).map(([name, [kind, value]]) => ({
          name,
          type: binding[`TF_ATTR_${kind}`],
          value,
        })),
      ],
      inputs,
      outputs,
    );
  const toTensor: Native['toTensor'] = (id, shape) =>
    backend.createOutputTensor({ id, shape, dtype: binding.TF_FLOAT });
  return {
    idOf: (tensor) => backend.getInputTensorIds([tensor])[0]!,
    scalar: (value) => binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value)),
    run: (operation, type, inputs, attrs = {}) => execute(operation, type, inputs, attrs, 1)[0]!.id,
    perform: (operation, type, inputs) => {
      execute(operation, type, inputs, {}, 0);
    },
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
