import { BackendError } from '@elbo/core';
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { bindingPath, type TensorFlowPackage } from '../tensorflow/binding.js';
import { printed } from './command.js';
import { installed, moduleFrom, type Installed } from '../project.js';
import { explainFailure, explainNoGpu, notInstalled } from '../tensorflow/remedies.js';
import { tryApart } from '../tensorflow/trial.js';
import { changes, type Changes } from './undoable.js';
import { wheelIn } from './wheel.js';

/** What to build. */
export interface BuildOptions {
  /** A TensorFlow Python package of version 2.12 or later, its site-packages, or a virtual environment that has it. */
  readonly tensorflow: string;
  /** Which package's binding; by default the one that is installed. */
  readonly package?: TensorFlowPackage;
  /** The folder of the project that has the package; the working directory by default. */
  readonly resolveFrom?: string;
  /** Called with what is done next. */
  readonly note?: (text: string) => void;
  /** Ends the build, which is then undone. */
  readonly signal?: AbortSignal;
}

/** A binding that was built and computes. */
export interface Built {
  readonly package: TensorFlowPackage;
  readonly version: string;
  /** The file that was built. */
  readonly binding: string;
  /** The version of TensorFlow that it computes with. */
  readonly library: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
  /** Why it does not, where its package is the one for GPUs. */
  readonly noGpu?: string;
  readonly seconds: number;
}

const compilers = ['make', 'c++', 'python3'] as const;

/** Everything that can be known to be wrong before anything is touched. */
function check({ tensorflow, package: name, resolveFrom = process.cwd() }: BuildOptions): {
  readonly found: Installed & { readonly name: TensorFlowPackage };
  readonly wheel: string;
  readonly builder: string;
} {
  if (process.platform !== 'linux')
    throw new BackendError(
      `A binding is built against a Python package on Linux only, and this is ${process.platform}: there, let npm install @tensorflow/tfjs-node run its script.`,
    );
  const wheel = wheelIn(tensorflow);
  const names: readonly TensorFlowPackage[] =
    name === undefined ? ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'] : [name];
  const found = names.map((each) => installed(each, resolveFrom)).find((each) => each);
  if (!found) throw new BackendError(`In ${resolveFrom} ${notInstalled(names[0]!)}.`);
  const builder = moduleFrom('@mapbox/node-pre-gyp/bin/node-pre-gyp', found.folder);
  if (builder === undefined)
    throw new BackendError(
      `${found.name} is installed without @mapbox/node-pre-gyp, which builds it: npm install --ignore-scripts ${found.name}@${found.version}.`,
    );
  const absent = compilers.filter((command) => printed(command, ['--version']) === undefined);
  if (absent.length > 0)
    throw new BackendError(
      `${absent.join(', ')} cannot be run, and the build needs them: install a C++ compiler, make and Python 3 (Debian: apt install build-essential python3).`,
    );
  try {
    accessSync(found.folder, constants.W_OK);
  } catch (error) {
    throw new BackendError(
      `${found.folder} cannot be written: change its owner or its permissions.`,
      {
        cause: error,
      },
    );
  }
  return { found: found as typeof found & { name: TensorFlowPackage }, wheel, builder };
}

/** Compiles in a package's folder; the build's last lines are its error. */
async function compile(builder: string, cwd: string, signal?: AbortSignal): Promise<void> {
  const prefix = dirname(dirname(process.execPath));
  const headers = existsSync(join(prefix, 'include', 'node', 'node_api.h'));
  const args = [
    builder,
    'install',
    '--build-from-source',
    ...(headers ? [`--nodedir=${prefix}`] : []),
  ];
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 1 << 26, signal }, (error, out, err) => {
      if (error === null) {
        resolve();
        return;
      }
      const last = `${out}\n${err}`.trim().split('\n').slice(-20).join('\n');
      const why = headers
        ? ''
        : ' Without network it needs the headers of Node, beside it in include/node.';
      reject(
        new BackendError(`The build failed.${why} Its last lines:\n${last}`, { cause: error }),
      );
    });
  });
}

/** What a build makes in a package's folder. */
function foldersOf(found: Installed): Readonly<Record<'intermediate' | 'kept', readonly string[]>> {
  const napi = basename(dirname(bindingPath(found)));
  const paths = (...names: readonly string[]) => names.map((name) => join(found.folder, name));
  return { intermediate: paths('build', `build-tmp-${napi}`), kept: paths('deps', 'lib') };
}

/** What the linker looks for, by the names that the Python package has. */
const linkerNames = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
} as const;

async function build(
  change: Changes,
  { found, wheel, builder }: ReturnType<typeof check>,
  signal?: AbortSignal,
): Promise<void> {
  const { folder } = found;
  const deps = join(folder, 'deps');
  const { intermediate, kept } = foldersOf(found);
  for (const path of [...intermediate, ...kept]) change.makeRoom(path);
  change.makeFolder(deps);
  change.link(join(wheel, 'include'), join(deps, 'include'));
  const lib = join(deps, 'lib');
  const forLinker = changes();
  try {
    forLinker.makeFolder(lib);
    for (const [name, library] of Object.entries(linkerNames))
      forLinker.link(join(wheel, library), join(lib, name));
    await compile(builder, folder, signal);
  } finally {
    forLinker.undo();
  }
  // A link to the folder and not to its files: libraries look for those of CUDA beside the folder that they are in.
  change.link(wheel, lib);
}

/**
 * Builds the binding of tfjs-node or tfjs-node-gpu against the TensorFlow of a Python package, and computes with it in a
 * process of its own. Nothing outside the package's folder is touched; the Python package must stay where it is.
 *
 * @throws BackendError when something is missing, the build fails or what it built does not compute; the package's
 *   folder is then as it was.
 */
export async function buildNative(options: BuildOptions): Promise<Built> {
  const { note = () => undefined, signal } = options;
  const checked = check(options);
  const { found, wheel } = checked;
  note(`Building the binding of ${found.name} ${found.version} against ${wheel} ...`);
  const began = performance.now();
  const change = changes();
  try {
    await build(change, checked, signal);
    note('Computing with it ...');
    const trial = await tryApart(found);
    if (!trial.works)
      throw new BackendError(
        `The build succeeded, but the result does not compute: ${explainFailure(trial)}.`,
      );
    change.keep();
    for (const path of foldersOf(found).intermediate)
      rmSync(path, { recursive: true, force: true });
    const gpuPackage = found.name === '@tensorflow/tfjs-node-gpu';
    return {
      package: found.name,
      version: found.version,
      binding: bindingPath(found),
      library: trial.library,
      gpu: trial.gpu,
      ...(gpuPackage && !trial.gpu && { noGpu: explainNoGpu(trial) }),
      seconds: (performance.now() - began) / 1000,
    };
  } catch (error) {
    change.undo();
    throw error;
  }
}
