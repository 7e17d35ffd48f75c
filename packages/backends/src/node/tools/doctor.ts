import { adapterFindings } from './adapter.js';
import { notice, type Finding } from './finding.js';
import { gpuFindings, nodeFindings, nvidiaGpus, variableFindings } from './machine.js';
import { coreFindings, otherFindings, tensorFlowFindings } from './packages.js';

/** Says so where a GPU is here that nothing computes on. */
function unusedGpu(gpus: readonly string[], findings: readonly Finding[]): readonly Finding[] {
  if (gpus.length === 0 || findings.some(({ says }) => says.endsWith('computes on the GPU')))
    return [];
  return [
    notice(
      'GPU',
      'no backend computes on it',
      'npm install --ignore-scripts @tensorflow/tfjs-node-gpu@4.22.0, python3 -m venv tf, tf/bin/pip install "tensorflow[and-cuda]", then elbo build-native --tensorflow tf',
    ),
  ];
}

/**
 * Examines what can compute here: Node, the C library, every package and its binding with its library's version, the
 * GPU and its driver, copies of tfjs-core, and variables of the environment. Nothing of it is loaded into this process.
 *
 * @param resolveFrom The folder whose packages are meant, as in `selectBackend`.
 */
export async function examine({ resolveFrom }: { readonly resolveFrom?: string } = {}): Promise<
  readonly Finding[]
> {
  const gpus = nvidiaGpus();
  const bindings = [
    ...(await tensorFlowFindings('@tensorflow/tfjs-node-gpu', resolveFrom)),
    ...(await tensorFlowFindings('@tensorflow/tfjs-node', resolveFrom)),
  ];
  return [
    ...nodeFindings(),
    ...gpuFindings(gpus),
    ...coreFindings(resolveFrom),
    ...bindings,
    ...unusedGpu(gpus, bindings),
    ...otherFindings(resolveFrom),
    ...(await adapterFindings(resolveFrom)),
    ...variableFindings(),
  ];
}
