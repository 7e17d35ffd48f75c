import { engine, tidy, type Tensor, type TensorContainer } from '@tensorflow/tfjs-core';
import { detach } from './detach.js';
import { guardRules } from './guard.js';

/** What the engine records about one operation. */
export type TapeNode = ReturnType<typeof engine>['state']['activeTape'][number];

/** `tidy` of tfjs for values that its own type cannot describe: a tree or nothing, a read-only record. */
export function scope<T>(f: () => T): T {
  return tidy(f as () => TensorContainer) as T;
}

function free(tape: TapeNode[] | null): void {
  for (const { saved } of tape?.splice(0) ?? []) for (const tensor of saved ?? []) tensor.dispose();
}

/**
 * Runs f while the engine makes the copies that operations save in this way, or, with `undefined`, in its own: as an
 * operation, recorded twice, and on the stock WebAssembly backend with the data moved. That is a third of a small
 * model's step, and it is needed only where the backward pass, which reads the copies, is recorded too.
 */
function withCopies<T>(copy: ((x: Tensor) => Tensor) | undefined, f: () => T): T {
  const copier = engine() as unknown as { clone?: (x: Tensor) => Tensor };
  const before = Object.hasOwn(copier, 'clone') ? copier.clone : undefined;
  // Without an own property, the engine's method shows again.
  const set = (own: typeof copy): void => {
    if (own) copier.clone = own;
    else delete copier.clone;
  };
  set(copy);
  try {
    return f();
  } finally {
    set(before);
  }
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
    // tfjs's own gradients abandon their tape when they throw, and null it when they do not.
    free(state.activeTape);
    state.activeTape = [];
    guardRules();
  }
  const tape = state.activeTape;
  const start = tape.length;
  const record = (): T => {
    state.gradientDepth++;
    try {
      return withCopies(outermost ? detach : undefined, () => scope(forward));
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
