import { engine } from '@tensorflow/tfjs-core';

/**
 * Runs `f` as if no gradient were being taken around it: what it returns is a constant to that gradient, and nothing
 * is saved for one. A gradient taken inside has a tape of its own, which is freed when it ends.
 */
export function untaped<T>(f: () => T): T {
  const { state } = engine();
  const { activeTape, gradientDepth, kernelDepth } = state;
  state.gradientDepth = 0;
  state.kernelDepth = 0;
  state.activeTape = [];
  try {
    return f();
  } finally {
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  }
}
