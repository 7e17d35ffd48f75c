import { BackendError } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';

/** Buffers that one program may bind on every device (the default limit of WebGPU), less one for its output. */
const mostInputs = 7;

let grouping = false;

/**
 * Makes the backend add many tensors in groups. Its own kernel binds all of them to one program, which a device refuses
 * beyond its limit: the sum is then zero, and nothing is thrown.
 */
export function addInGroups(): void {
  if (grouping) return;
  grouping = true;
  const { kernelFunc, ...rest } = tf.getKernel('AddN', 'webgpu');
  const grouped: tf.KernelFunc = ({ inputs, backend, ...call }) => {
    const tensors = inputs as unknown as readonly tf.TensorInfo[];
    const asInputs = (some: readonly tf.TensorInfo[]) => some as unknown as tf.NamedTensorInfoMap;
    if (tensors.length <= mostInputs) return kernelFunc({ inputs, backend, ...call });
    const first = asInputs(tensors.slice(0, mostInputs));
    const sum = kernelFunc({ inputs: first, backend, ...call }) as tf.TensorInfo;
    const all = grouped({
      inputs: asInputs([sum, ...tensors.slice(mostInputs)]),
      backend,
      ...call,
    });
    (backend as tf.KernelBackend).disposeData(sum.dataId);
    return all;
  };
  tf.unregisterKernel('AddN', 'webgpu');
  tf.registerKernel({ ...rest, kernelFunc: grouped });
}

/** As much of the backend, and of its programs, as is asked here. */
interface Programmed {
  readonly tensorMap: { get(data: object): { readonly dtype: string } };
  runWebGPUProgram(
    program: Program,
    inputs: readonly tf.TensorInfo[],
    dtype: string,
    ...rest: readonly unknown[]
  ): tf.TensorInfo;
}
interface Program {
  shaderKey: string;
  getUserCode(): string;
}

/** The statement by which the program for transposes writes a number as it lies. */
const writing = /setOutputAtIndex\(flatIndex, (A\[[^]*?\])\);/;

const completed = new WeakSet<Programmed>();

/**
 * Makes the backend transpose truth values and integers of rank 3 and more, alone and within sums over inner axes. Its program
 * writes them as if they were floats, which does not compile: the result is zeros, as are those of the other commands of
 * its batch. Floats that were cast from them are such, too, for its cast changes the type's name only.
 */
export function transposeAllTypes(): void {
  const backend = tf.backend() as unknown as Programmed;
  if (completed.has(backend)) return;
  completed.add(backend);
  const run = backend.runWebGPUProgram.bind(backend);
  backend.runWebGPUProgram = (program, inputs, dtype, ...rest) => {
    const transposes = program.shaderKey.startsWith('transpose_');
    if (transposes && backend.tensorMap.get(inputs[0]!.dataId).dtype !== 'float32') {
      const code = program.getUserCode();
      const written = dtype === 'float32' ? '(flatIndex, f32($1));' : 'I32(flatIndex, $1);';
      program.getUserCode = () => code.replace(writing, `setOutputAtIndex${written}`);
    }
    return run(program, inputs, dtype, ...rest);
  };
}

/** As much of a WebGPU device as is asked here. */
interface Device {
  pushErrorScope(filter: 'validation'): void;
  popErrorScope(): Promise<{ readonly message: string } | null>;
}

/**
 * Runs something, and fails where the current backend's WebGPU device refused a part of it: TensorFlow.js does not ask,
 * and goes on with zeros.
 *
 * @throws BackendError with what the device says.
 */
export async function withDeviceErrors(run: () => Promise<void>): Promise<void> {
  const { device } = tf.backend() as { readonly device?: Device };
  if (typeof device?.pushErrorScope !== 'function') {
    await run();
    return;
  }
  device.pushErrorScope('validation');
  let error;
  try {
    await run();
  } finally {
    error = await device.popErrorScope();
  }
  if (error)
    throw new BackendError(
      `The GPU rejects a request of the backend (${error.message.split('\n', 1)[0]!}): use another backend for this model.`,
    );
}
