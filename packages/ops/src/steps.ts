import { getBackend } from '@tensorflow/tfjs-core';

/** Runs steps that do the same operations on other numbers, such as those of a training. */
export interface Steps {
  /**
   * Runs one step. It may put off what the step asks for until something is read, or the step ends; then all is there
   * that is still held.
   */
  run<T>(step: () => Promise<T>): Promise<T>;
  /** Whether it puts off: a step that fails for lack of memory may then have disposed of what it was given. */
  readonly defers: boolean;
  dispose(): void;
}

const plain: Steps = { run: (step) => step(), defers: false, dispose: () => undefined };

const makers = new Map<string, () => Steps>();

/** Says how steps are run on a backend, by its name in TensorFlow.js; operation by operation without a way of its own. */
export function registerSteps(backendName: string, make: (() => Steps) | undefined): void {
  if (make) makers.set(backendName, make);
  else makers.delete(backendName);
}

/** What runs steps on the current backend, in as few launches as it can. */
export function steps(): Steps {
  return makers.get(getBackend())?.() ?? plain;
}
