import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { bindingPath, testedVersion, type TensorFlowPackage } from '../tensorflow/binding.js';
import { printed } from './command.js';
import { fine, notice, wrong, type Finding } from './finding.js';
import { installed, moduleFrom, ownCore, type Installed } from '../project.js';
import { explainFailure, explainNoGpu, notBuilt, notInstalled } from '../tensorflow/remedies.js';
import { tryApart } from '../tensorflow/trial.js';

/** A sentence of reason and remedy, taken apart at its first colon before a space. */
function parted(sentence: string): readonly [string, string] {
  const at = sentence.indexOf(': ');
  return at < 0 ? [sentence, 'use wasm'] : [sentence.slice(0, at), sentence.slice(at + 2)];
}

/** Every shared library that a binding needs and that is not found; without ldd the trial names the first. */
function librariesNotFound(binding: string): readonly string[] {
  const lines = (printed('ldd', [binding]) ?? '').split('\n');
  const missing = lines.filter((line) => line.includes('not found'));
  return missing.map((line) => line.trim().split(' ', 1)[0]!);
}

/** A package that binds TensorFlow to Node: its version, its binding, its library, and whether it computes on a GPU. */
export async function tensorFlowFindings(
  name: TensorFlowPackage,
  resolveFrom: string | undefined,
): Promise<readonly Finding[]> {
  const found = installed(name, resolveFrom);
  if (!found) return [notice(name, ...parted(notInstalled(name).replace(`${name} is`, 'it is')))];
  const binding = bindingPath(found);
  const where = `${found.version} in ${found.folder}`;
  const version =
    found.version === testedVersion
      ? fine(name, where)
      : wrong(
          name,
          `${where}, and Elbo is tested with ${testedVersion}`,
          `npm install ${name}@${testedVersion}`,
        );
  if (!existsSync(binding)) return [version, wrong(name, ...parted(notBuilt(binding)))];
  const missing = librariesNotFound(binding);
  if (missing.length > 0) {
    const reason = missing.map((library) => `${library}: cannot open shared object file`).join(' ');
    const trial = { works: false, reason, library: '', gpu: false, log: '' };
    return [version, wrong(name, ...parted(explainFailure(trial)))];
  }
  const trial = await tryApart(found);
  if (!trial.works) return [version, wrong(name, ...parted(explainFailure(trial)))];
  const computes = `TensorFlow ${trial.library} computes on the ${trial.gpu ? 'GPU' : 'CPU'}`;
  const gpuPackage = name === '@tensorflow/tfjs-node-gpu';
  return [
    version,
    gpuPackage && !trial.gpu ? wrong(name, ...parted(explainNoGpu(trial))) : fine(name, computes),
  ];
}

/** Packages that need no check of their own. */
const others = ['@tensorflow/tfjs-backend-webgpu', '@tensorflow/tfjs-backend-webgl', 'webgpu'];

/** The backends that come with Elbo, and those of the project that are installed besides. */
export function otherFindings(resolveFrom: string | undefined): readonly Finding[] {
  const own = createRequire(import.meta.url);
  const ours = ['wasm', 'cpu'].map((name) => {
    const { version } = own(`@tensorflow/tfjs-backend-${name}/package.json`) as { version: string };
    return fine(`@tensorflow/tfjs-backend-${name}`, `${version}, which comes with Elbo`);
  });
  return [
    ...ours,
    ...others.flatMap((name) => {
      const found = installed(name, resolveFrom);
      return found ? [fine(name, `${found.version} in ${found.folder}`)] : [];
    }),
  ];
}

/** Packages that compute with a tfjs-core of their own choice. */
const users = [
  '@tensorflow/tfjs',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
  '@tensorflow/tfjs-backend-webgpu',
  '@tensorflow/tfjs-backend-webgl',
];

/** Copies of tfjs-core: Elbo's own, the project's, and that of every package that uses one. */
export function coreFindings(resolveFrom: string = process.cwd()): readonly Finding[] {
  const about = '@tensorflow/tfjs-core';
  const places = users
    .map((name) => installed(name, resolveFrom))
    .filter((found): found is Installed => found !== undefined)
    .map(({ folder }) => folder);
  const copies = new Set([
    ownCore(),
    ...[resolveFrom, ...places].flatMap((folder) => moduleFrom(about, folder) ?? []),
  ]);
  const [own, ...rest] = copies;
  if (rest.length === 0) return [fine(about, `one copy, ${own!}`)];
  return [
    wrong(
      about,
      `${copies.size} copies, ${[...copies].join(', ')}: a backend of one does not compute for the other`,
      'install everything in one project, with one version of TensorFlow.js, and run npm dedupe',
    ),
  ];
}
