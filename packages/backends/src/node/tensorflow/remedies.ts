import { testedVersion, type TensorFlowPackage } from './binding.js';
import { missingLibraries, type TrialResult } from './trial.js';

const build = 'elbo build-native --tensorflow FOLDER, the folder of a TensorFlow Python wheel';

/** What to do about a TensorFlow package that is not installed. */
export const notInstalled = (name: TensorFlowPackage): string =>
  `${name} is not installed: npm install --ignore-scripts ${name}@${testedVersion}, then ${build}`;

/** What to do about a binding that is not there. */
export const notBuilt = (path: string): string =>
  `its binding ${path} is not there, because its install script did not run: ${build}`;

/** What to do about a package that would compute with another tfjs-core than Elbo. */
export const otherCore = (theirs: string, ours: string): string =>
  `it computes with another copy of @tensorflow/tfjs-core (${theirs}) than Elbo (${ours}): ` +
  'install both in one project, with one version, and run npm dedupe';

/** What a trial that failed means and what to do. */
export function explainFailure({ reason, log }: TrialResult): string {
  const libraries = missingLibraries(reason);
  if (libraries.some((library) => library.startsWith('libtensorflow')))
    return `${libraries.join(', ')} is missing, which its binding is linked to: ${build}`;
  if (libraries.length > 0)
    return `the shared library ${libraries.join(', ')} is missing: install it, or ${build}`;
  if (reason.includes('isNullOrUndefined'))
    return 'this version of Node has no util.isNullOrUndefined, and something froze node:util: load Elbo first';
  if (reason.includes('GLIBC'))
    return `its TensorFlow needs a newer C library than this machine has (${firstLine(reason)}): take an older wheel`;
  if (reason.includes('undefined symbol'))
    return `its binding and its TensorFlow do not fit each other (${firstLine(reason)}): ${build}`;
  if (/SIGILL|SIGABRT|AVX/.test(reason + log))
    return `TensorFlow crashed as it started, as it does on processors older than it was built for (${firstLine(reason)}): use wasm`;
  return firstLine(reason);
}

/** Why a TensorFlow that works has no GPU. */
export function explainNoGpu({ log }: TrialResult): string {
  const libraries = missingLibraries(log);
  if (libraries.length > 0)
    return `it computes on the CPU, because ${libraries.join(', ')} cannot be loaded: install what it needs of CUDA and cuDNN, or ${build} with tensorflow[and-cuda]`;
  if (log.includes('Cannot dlopen some GPU libraries'))
    return `it computes on the CPU, because libraries of CUDA or cuDNN cannot be loaded: ${build} with tensorflow[and-cuda]`;
  const said = /failed call to cuInit: ([^\n]*)/.exec(log)?.[1];
  const why = said === undefined ? 'its TensorFlow opened no GPU' : `cuInit says ${said}`;
  return `it computes on the CPU, because ${why}: it needs an NVIDIA driver, CUDA_VISIBLE_DEVICES unset or naming a GPU, and a TensorFlow built with CUDA`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!;
}
