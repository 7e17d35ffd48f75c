import { engine, tidy, type TensorContainer } from '@tensorflow/tfjs-core';
import { shareCopies } from './shared_copies.js';

/** What the engine records about one operation. */
export type TapeNode = ReturnType<typeof engine>['state']['activeTape'][number];

/** `tidy` for values that its own type cannot describe, such as read-only records. */
export function scope<T>(f: () => T): T {
  return tidy(f as () => TensorContainer) as T;
}

function free(tape: TapeNode[] | null): void {
  for (const { saved } of tape?.splice(0) ?? []) for (const tensor of saved ?? []) tensor.dispose();
}

/**
 * Runs `forward` on the engine's tape and gives its result, with the operations it recorded, to
 * `backward`. What `backward` computes is recorded only when the call stands inside another tape,
 * whose gradient may then be taken through it. Tensors that the result does not hold are disposed.
 *
 * The outermost call frees the tape, whether or not something throws. An inner call that throws
 * leaves its operations on the outer tape, for a tensor made by them may be in use outside.
 */
export function taped<T, R>(
  forward: () => T,
  backward: (value: T, nodes: readonly TapeNode[]) => R,
): R {
  const { state } = engine();
  const outermost = state.gradientDepth === 0;
  if (outermost) {
    shareCopies();
    // tfjs's own gradients abandon their tape when they throw, and null it when they do not.
    free(state.activeTape);
    state.activeTape = [];
  }
  const tape = state.activeTape;
  const start = tape.length;
  const record = (): T => {
    state.gradientDepth++;
    try {
      return scope(forward);
    } finally {
      state.gradientDepth--;
      if (outermost) state.activeTape = [];
    }
  };
  try {
    return scope(() => backward(record(), tape.slice(start)));
  } finally {
    if (outermost) free(tape);
  }
}
