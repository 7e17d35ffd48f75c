// Records what each test asks TensorFlow for, as steps of a training are, and gives every value that is read from a program of it.
import { backend } from '@tensorflow/tfjs-core';
import { Programs } from '../../../packages/backends/src/node/tensorflow/graph/program.ts';
import { Recorder } from '../../../packages/backends/src/node/tensorflow/graph/recorder.ts';

/** A recorder that ends a program at every read: what is new has data before, as it was performed first. */
class Reading extends Recorder {
  awaited(id) {
    return this.held.has(this.places.get(id));
  }
}

const recorders = new WeakMap();

/** Each group of tests makes a backend of its own. */
function recorderOf(made) {
  if (!recorders.has(made)) {
    const recorder = new Reading(made.binding);
    recorders.set(made, recorder);
    made.binding = recorder.binding;
  }
  return recorders.get(made);
}

let end;

globalThis.beforeEach(() => {
  const recorder = recorderOf(backend());
  // What TensorFlow takes no program of is performed, as in a training.
  const programs = new Programs(recorder.real, () => undefined);
  recorder.begin(programs);
  end = () => {
    recorder.end(true);
    programs.dispose();
  };
});
globalThis.afterEach(() => end());
