import { execFile } from 'node:child_process';
import { giveRemovedFunctions } from './binding.js';
import type { Installed } from '../project.js';

/** What TensorFlow said of itself in a process of its own. */
export interface TrialResult {
  /** Whether it computed. */
  readonly works: boolean;
  /** Why it did not; empty when it did. */
  readonly reason: string;
  /** The version of the TensorFlow library. */
  readonly library: string;
  /** Whether it computes on a GPU. */
  readonly gpu: boolean;
  /** What it printed, which tells why it has no GPU. */
  readonly log: string;
}

/** Loads and uses a TensorFlow package. This function is printed and run elsewhere: it must stand alone. */
async function program(load: NodeJS.Require, package_: string): Promise<void> {
  interface TensorFlow {
    matMul(a: unknown, b: unknown): { data(): Promise<ArrayLike<number>> };
    ones(shape: readonly number[]): unknown;
    backend(): {
      readonly isUsingGpuDevice: boolean;
      readonly binding: { readonly TF_Version: string };
    };
  }
  const say = (what: object): void => {
    process.stdout.write(`\n${JSON.stringify(what)}\n`);
  };
  try {
    const tf = load(package_) as TensorFlow;
    const product = await tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).data();
    const { isUsingGpuDevice: gpu, binding } = tf.backend();
    say({ works: product[3] === 3, library: binding.TF_Version, gpu });
  } catch (thrown) {
    say({ works: false, reason: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

const patience = 120_000;

/**
 * Loads and uses a TensorFlow package in a process of its own: what is missing or crashes there is known here, and has
 * left nothing behind. Takes about half a second, and longer where a GPU starts.
 */
export async function tryApart({ folder }: Pick<Installed, 'folder'>): Promise<TrialResult> {
  const code =
    `(${giveRemovedFunctions.toString()})(require('node:util'));` +
    `(${program.toString()})(require, ${JSON.stringify(folder)});`;
  const env = { TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...process.env, TF_CPP_MIN_LOG_LEVEL: '0' };
  const { failure, stdout, stderr } = await new Promise<{
    failure: (Error & { signal?: NodeJS.Signals | null; killed?: boolean }) | null;
    stdout: string;
    stderr: string;
  }>((resolve) => {
    execFile(
      process.execPath,
      ['-e', code],
      { env, timeout: patience, killSignal: 'SIGKILL', maxBuffer: 1 << 24 },
      (failure, stdout, stderr) => {
        resolve({ failure: failure as never, stdout, stderr });
      },
    );
  });
  const said = stdout.split('\n').findLast((line) => line.startsWith('{"works"'));
  const none = { works: false, reason: '', library: '', gpu: false, log: stderr };
  if (said !== undefined) return { ...none, ...(JSON.parse(said) as Partial<TrialResult>) };
  const how = failure?.killed
    ? `it did not answer in ${patience / 1000} seconds`
    : `the process that tried it ended by itself (${failure?.signal ?? failure?.message.split('\n', 1)[0] ?? 'silently'})`;
  return { ...none, reason: `${how}: ${lastLine(stderr)}` };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** The shared libraries that a log or an error names as missing. */
export function missingLibraries(text: string): readonly string[] {
  const named = [
    ...text.matchAll(/Could not load dynamic library '([^']+)'/g),
    ...text.matchAll(/([\w.+-]+\.so[\w.]*): cannot open shared object file/g),
  ];
  return [...new Set(named.map(([, library]) => library!))];
}
