import { BackendError } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import util from 'node:util';
import { AbsentError } from '../../shared/absent.js';
import type { Loaded, Wanted } from '../../shared/candidate.js';
import { running } from '../../shared/engine.js';
import { bindingPath, giveRemovedFunctions, type TensorFlowPackage } from './binding.js';
import { threadsAllowed } from '../cores.js';
import { registerFused } from './fused.js';
import { registerPrograms } from './graph/steps.js';
import { installed, moduleFrom, ownCore, type Installed } from '../project.js';
import { explainFailure, explainNoGpu, notBuilt, notInstalled, otherCore } from './remedies.js';
import { tryApart } from './trial.js';

/** What TensorFlow.js calls both packages' backend. */
const engineName = 'tensorflow';

const gpuPackage = '@tensorflow/tfjs-node-gpu' satisfies TensorFlowPackage;

/** What both packages' backend tells of itself. */
interface TensorFlowBackend {
  readonly isGPUPackage: boolean;
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

const started = (): TensorFlowBackend =>
  tf.engine().registry[engineName] as unknown as TensorFlowBackend;

/** @throws BackendError when the other package is in this process already. */
function expectNoOther(name: TensorFlowPackage): void {
  if (!running(engineName) || started().isGPUPackage === (name === gpuPackage)) return;
  throw new BackendError(
    'the other TensorFlow package is loaded in this process, and both together crash it: select it in a process of its own',
  );
}

/**
 * Checks a TensorFlow package without loading it here.
 *
 * @throws BackendError with what is wrong and the remedy.
 */
async function check(name: TensorFlowPackage, resolveFrom: string | undefined): Promise<Installed> {
  const found = installed(name, resolveFrom);
  if (!found) throw new AbsentError(notInstalled(name));
  const path = bindingPath(found);
  if (!existsSync(path)) throw new BackendError(notBuilt(path));
  const core = moduleFrom('@tensorflow/tfjs-core', found.folder);
  if (core !== ownCore()) throw new BackendError(otherCore(core ?? 'none', ownCore()));
  if (running(engineName)) return found;
  const trial = await tryApart(found);
  if (!trial.works) throw new BackendError(explainFailure(trial));
  if (name === gpuPackage && !trial.gpu) throw new BackendError(explainNoGpu(trial));
  return found;
}

/** Settings that TensorFlow reads once, as it loads. */
function configure({ threads, memoryGrowth }: Wanted): void {
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  if (memoryGrowth === undefined) process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
  else process.env.TF_FORCE_GPU_ALLOW_GROWTH = String(memoryGrowth);
  const most = threads ?? threadsAllowed();
  if (most !== undefined) {
    process.env.TF_NUM_INTRAOP_THREADS = String(most);
    process.env.TF_NUM_INTEROP_THREADS = String(most);
  }
  giveRemovedFunctions(util);
}

/** Loads TensorFlow by a package of the user's project, once it has been tried in a process of its own. */
export async function loadTensorFlow(name: TensorFlowPackage, wanted: Wanted): Promise<Loaded> {
  expectNoOther(name);
  const found = await check(name, wanted.resolveFrom);
  if (!running(engineName)) configure(wanted);
  createRequire(import.meta.url)(found.folder);
  return {
    engineName,
    package: name,
    get versions() {
      return { [name]: found.version, TensorFlow: started().binding.TF_Version };
    },
    complete: () => {
      registerFused();
      // On a GPU a program's tensors would be copied from it and to it.
      if (!started().isUsingGpuDevice) registerPrograms(engineName, tf.backend(), wanted.programs);
      return Promise.resolve(undefined);
    },
    threads: () => Number(process.env.TF_NUM_INTRAOP_THREADS ?? 0) || availableParallelism(),
    device: () => (started().isUsingGpuDevice ? 'gpu' : 'cpu'),
  };
}
