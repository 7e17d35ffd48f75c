import { buildNative } from '@elbo/backends/node';
import { interrupted, onInterrupt } from '../interrupt.js';
import type { Output } from '../output.js';

/** The options of `elbo build-native`. */
export interface BuildNativeFlags {
  readonly tensorflow: string;
  readonly gpu?: boolean;
}

/** `elbo build-native`: builds TensorFlow's binding, and says what it computes with. */
export async function buildNativeCommand(
  { tensorflow, gpu }: BuildNativeFlags,
  output: Output,
): Promise<number> {
  const { signal, release } = onInterrupt(() => {
    output.note('Interrupted: undoing what was done ...');
  });
  try {
    const built = await buildNative({
      tensorflow,
      ...(gpu && { package: '@tensorflow/tfjs-node-gpu' }),
      signal,
      note: (text) => {
        output.note(text);
      },
    });
    const { seconds, library, gpu: onGpu, noGpu } = built;
    output.result({ ...built });
    output.line(
      `Built in ${seconds.toFixed(0)} s: ${built.package} ${built.version} computes with TensorFlow ${library} on the ${onGpu ? 'GPU' : 'CPU'}.`,
    );
    if (noGpu !== undefined) output.note(`Warning: ${noGpu}`);
    return 0;
  } catch (error) {
    if (signal.aborted) return interrupted;
    throw error;
  } finally {
    release();
  }
}
