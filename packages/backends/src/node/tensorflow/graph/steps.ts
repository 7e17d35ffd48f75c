import { registerSteps, type Steps } from '@elbo/ops';
import { reasonOf } from '../../../shared/engine.js';
import type { TensorFlowBackend } from '../native.js';
import { FutileError, Programs } from './program.js';
import { Recorder } from './recorder.js';

/** Steps that TensorFlow runs as one program each, from the first on; operation by operation where it takes none. */
function programmed(recorder: Recorder): Steps {
  let defers = true;
  const programs = new Programs(recorder.real, (error) => {
    if (!defers) return;
    defers = false;
    console.warn(
      `TensorFlow performs the operations of a training step one by one, and not as one program: ` +
        (error instanceof FutileError ? `hardly a step is like another` : reasonOf(error)),
    );
  });
  return {
    get defers() {
      return defers;
    },
    run: async (step) => {
      // Of two trainings at once, one is recorded; the other's operations are in its trace.
      if (!defers || recorder.recording) return step();
      recorder.begin(programs);
      let whole = false;
      try {
        const result = await step();
        whole = true;
        return result;
      } finally {
        recorder.end(whole);
      }
    },
    dispose: () => {
      programs.dispose();
    },
  };
}

const recorders = new WeakMap<TensorFlowBackend, Recorder>();

/** Puts a recorder before the backend's binding, once. */
function recorderOf(backend: TensorFlowBackend): Recorder {
  const known = recorders.get(backend);
  if (known) return known;
  const recorder = new Recorder(backend.binding);
  backend.binding = recorder.binding;
  recorders.set(backend, recorder);
  return recorder;
}

/** Lets TensorFlow's backend run the steps of trainings as programs, or operation by operation again. */
export function registerPrograms(backendName: string, backend: object, wanted = true): void {
  const recorder = recorderOf(backend as TensorFlowBackend);
  registerSteps(backendName, wanted ? () => programmed(recorder) : undefined);
}
