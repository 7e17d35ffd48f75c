import type { Ran } from './support.js';

/** What is used of ONNX Runtime, which has no types for modules. */
interface Runtime {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => unknown;
  readonly InferenceSession: {
    create(bytes: Uint8Array): Promise<{
      run(
        feeds: Readonly<Record<string, unknown>>,
      ): Promise<Record<string, { dims: readonly number[]; data: Float32Array }>>;
      release(): Promise<void>;
    }>;
  };
}

async function loaded(): Promise<Runtime | undefined> {
  try {
    // @ts-expect-error it has no types for modules
    const { default: found } = (await import('onnxruntime-node')) as { default: Runtime };
    return found;
  } catch (error) {
    console.warn(`Nothing is compared with ONNX Runtime: ${String(error)}`);
    return undefined;
  }
}

/** ONNX Runtime; `undefined` where this machine cannot load it. */
export const runtime: Runtime | undefined = await loaded();

/** Runs an ONNX file in it. */
export async function runOnnx(bytes: Uint8Array, given: Ran): Promise<Ran> {
  const { Tensor, InferenceSession } = runtime!;
  const session = await InferenceSession.create(bytes);
  const feeds = Object.entries(given).map(
    ([name, { shape, values }]) =>
      [name, new Tensor('float32', Float32Array.from(values), [...shape])] as const,
  );
  const made = await session.run(Object.fromEntries(feeds));
  const ran = Object.entries(made).map(
    ([name, { dims, data }]) => [name, { shape: [...dims], values: Array.from(data) }] as const,
  );
  await session.release();
  return Object.fromEntries(ran);
}
