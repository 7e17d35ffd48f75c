import { engine } from '@tensorflow/tfjs-core';

/** Runs `f` with the tape off, so that what it returns is a constant to every gradient. */
export function untaped<T>(f: () => T): T {
  const { state } = engine();
  // The engine records nothing inside a kernel.
  state.kernelDepth++;
  try {
    return f();
  } finally {
    state.kernelDepth--;
  }
}
