import { decodeCheckpoint, type Checkpoint } from '@elbo/training';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** The built command. */
export const elbo: string = join(import.meta.dirname, '..', 'dist', 'elbo.js');
if (!existsSync(elbo)) throw new Error(`${elbo} is missing: build first (npm run build).`);

/** A model that trains in a second. */
export const small: readonly string[] = [
  ...['--data', 'four-pixels', '--set', 'latent=2', '--set', 'hidden=[16]', '--batch-size', '16'],
];

const folders: string[] = [];
const children = new Set<ChildProcess>();

/** Ends what a file of tests left running, and removes its folders. */
export async function cleanUp(): Promise<void> {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(folders.splice(0).map((dir) => rm(dir, { recursive: true, force: true })));
}

/** How a command ended, and what it wrote. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command in progress. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves at the first line of standard output that holds `text`, or at the end. */
  line(text: string): Promise<void>;
}

/** Starts a program with piped output; it does not outlive the tests. */
export function start(program: string, args: readonly string[]): Started {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.add(child);
  let stdout = '';
  let stderr = '';
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => (stdout += `${line}\n`));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (status, signal) => {
      children.delete(child);
      resolve({ status, signal, stdout, stderr });
    });
  });
  const line = (text: string): Promise<void> =>
    new Promise((resolve) => {
      lines.on('line', (found) => {
        if (found.includes(text)) resolve();
      });
      void ended.then(() => {
        resolve();
      });
    });
  return { child, ended, line };
}

/** Starts the command. */
export function begin(...args: readonly string[]): Started {
  return start(process.execPath, [elbo, ...args]);
}

/** Runs the built command to its end, in a process of its own: for what `run` of `call.ts` cannot show. */
export function runApart(...args: readonly string[]): Promise<Ended> {
  return begin(...args).ended;
}

/** The objects of `--json` output; throws when a line is none. */
export function objects({ stdout }: Ended): readonly Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** A folder that is removed after the tests. */
export async function temporaryFolder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'elbo-cli-'));
  folders.push(dir);
  return dir;
}

/** The names of a run's checkpoints, oldest first, without what a kill left of a write. */
export async function checkpointsOf(dir: string): Promise<readonly string[]> {
  const names = await readdir(join(dir, 'checkpoints'));
  return names.filter((name) => name.endsWith('.safetensors')).sort();
}

/** A run's newest checkpoint. */
export async function newest(dir: string): Promise<Checkpoint> {
  const path = join(dir, 'checkpoints', (await checkpointsOf(dir)).at(-1)!);
  return decodeCheckpoint(new Uint8Array(await readFile(path)), path);
}
