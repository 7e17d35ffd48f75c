import { existsSync } from 'node:fs';
import { printed } from './command.js';
import { fine, notice, wrong, type Finding } from './finding.js';

/** Node, and what native packages need of it. */
export function nodeFindings(
  versions: NodeJS.ProcessVersions = process.versions,
): readonly Finding[] {
  const { node, napi } = versions;
  const says = `${node}, Node-API ${napi ?? 'none'}, ${process.platform} ${process.arch}`;
  return [
    Number(node.split('.', 1)[0]) < 23
      ? fine('Node', says)
      : notice(
          'Node',
          `${says}: it has no util.isNullOrUndefined, which tfjs-node calls; Elbo supplies it`,
          'a program that loads tfjs-node without Elbo must supply it too, or run on Node 22',
        ),
    ...libraryFindings(),
  ];
}

function libraryFindings(): readonly Finding[] {
  if (process.platform !== 'linux') return [];
  const { header } = process.report.getReport() as {
    readonly header?: { readonly glibcVersionRuntime?: string };
  };
  const version = header?.glibcVersionRuntime;
  return [
    version === undefined
      ? wrong(
          'C library',
          'it is not glibc, and TensorFlow is built for glibc',
          'use a system with glibc (Debian, not Alpine) for tfjs-node; wasm works anywhere',
        )
      : fine('C library', `glibc ${version}`),
  ];
}

/** The NVIDIA GPUs of this machine with their driver, a line each; nothing where the driver's tool finds none. */
export function nvidiaGpus(): readonly string[] {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader'];
  return (printed('nvidia-smi', query) ?? '').trim().split('\n').filter(Boolean);
}

/** The GPU and its driver. */
export function gpuFindings(gpus: readonly string[] = nvidiaGpus()): readonly Finding[] {
  if (gpus.length > 0) return gpus.map((gpu) => fine('GPU', `NVIDIA, name and driver: ${gpu}`));
  if (existsSync('/dev/nvidia0'))
    return [
      wrong(
        'GPU',
        'an NVIDIA GPU is here (/dev/nvidia0), and nvidia-smi does not find it',
        'install the driver and its tools, or pass them into the container (docker run --gpus all)',
      ),
    ];
  return [notice('GPU', 'no NVIDIA GPU or driver is seen; node-gpu needs one')];
}

/** Variables of the environment that change what computes, and how. */
const variables: Readonly<Record<string, string>> = {
  CUDA_VISIBLE_DEVICES:
    'the GPUs that TensorFlow sees; it takes the last of them, and none where it is empty or -1',
  LD_LIBRARY_PATH: 'where shared libraries, those of CUDA too, are looked for first',
  NODE_OPTIONS: 'options of every Node process',
  NODE_PATH: 'where packages are looked for last',
  TF_CPP_MIN_LOG_LEVEL: 'what TensorFlow prints, from 0, everything; Elbo sets 1',
  TF_ENABLE_ONEDNN_OPTS: '0 turns off kernels of oneDNN, and with them other orders of summation',
  TF_FORCE_GPU_ALLOW_GROWTH: 'whether TensorFlow takes GPU memory as it needs it; Elbo sets true',
  TF_NUM_INTRAOP_THREADS: 'threads of one operation of TensorFlow',
  TF_NUM_INTEROP_THREADS: 'operations of TensorFlow at once, in the programs of a training',
  VK_ICD_FILENAMES: 'the Vulkan driver that WebGPU uses in Node',
};

/** Those of them that are set. */
export function variableFindings(env: NodeJS.ProcessEnv = process.env): readonly Finding[] {
  return Object.entries(variables).flatMap(([name, about]) => {
    const value = env[name];
    if (value === undefined) return [];
    const says = `'${value}' (${about})`;
    const hidesGpus = name === 'CUDA_VISIBLE_DEVICES' && (value === '' || value.startsWith('-'));
    return [hidesGpus ? notice(name, says, 'unset it to use a GPU') : fine(name, says)];
  });
}
