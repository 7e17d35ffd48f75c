// Everything, in pieces that each train one method with one seed, and then each study as a whole.
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileStore } from '@elbo/files';
import { studies } from '../studies/index.js';
import { UsageError } from './command_line.js';
import type { Host } from './host.js';
import { runQueue, type Ended, type Unit } from './queue.js';
import { writePages } from './pages.js';
import { folderOf, stoppedStatus, studyNamed } from './reproduce.js';
import type { Study, Values } from './study.js';

/** What a piece is asked for on the command line, after its study's name. */
interface Part {
  readonly name: string;
  readonly args: readonly string[];
}

const fileName = (text: string): string => text.replace(/[^\p{L}\d]+/gu, '-');

/**
 * A method with a seed each, seed by seed, so that a night that is cut short has as many seeds of one method as of another; none
 * of a study that is run as a whole.
 */
export function partsOf(name: string, { methods, flags, seeds }: Study): readonly Part[] {
  if (methods === undefined) return [];
  const all = flags[methods]?.split(',') ?? [];
  const ofSeed = (seed?: number): readonly Part[] =>
    all.map((method) => ({
      name: fileName([name, method, ...(seed === undefined ? [] : [seed])].join('-')),
      args: [
        `--${methods}`,
        method,
        ...(seed === undefined ? [] : ['--seeds', String(seed)]),
        '--part',
      ],
    }));
  return seeds.length === 0 ? ofSeed() : seeds.flatMap(ofSeed);
}

/** Runs this command in a process of its own; what it says goes to a file. */
function piece(
  study: string,
  { name, args }: Part,
  { host, logs }: { readonly host: Host; readonly logs: string },
): Unit {
  return {
    name,
    run: async (signal): Promise<Ended> => {
      const log = createWriteStream(join(logs, `${name}.log`));
      const command = [join(host.root, 'tools', 'reproduce.mjs'), study, ...args];
      const child = spawn(process.execPath, command, {
        cwd: host.root,
        env: { ...process.env, ELBO_STUDIES_BUILT: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
        // So that ctrl-C in a terminal reaches it once, from here.
        detached: true,
      });
      const stop = (): void => void child.kill('SIGTERM');
      signal.addEventListener('abort', stop);
      child.stdout.pipe(log, { end: false });
      child.stderr.pipe(log, { end: false });
      try {
        const status = await new Promise<number | null>((resolve, reject) => {
          child.once('error', reject);
          child.once('close', resolve);
        });
        // A study that misses what is required is done: what it found is recorded.
        if (status === 0 || (status === 1 && !args.includes('--part'))) return 'done';
        return signal.aborted || status === stoppedStatus ? 'stopped' : 'failed';
      } finally {
        signal.removeEventListener('abort', stop);
        log.end();
        await finished(log);
      }
    },
  };
}

/** What is run, and how many processes at once. */
export const nightFlags: { readonly studies: string; readonly 'at-once': string } = {
  studies: Object.keys(studies).join(','),
  'at-once': '2',
};

/** Runs studies, so many processes at a time; the exit status. */
export async function night(
  values: Values<typeof nightFlags>,
  host: Host,
  signal: AbortSignal,
): Promise<number> {
  const atOnce = Number(values['at-once']);
  if (!Number.isSafeInteger(atOnce) || atOnce < 1)
    throw new UsageError(`--at-once takes a number of processes, not '${values['at-once']}'.`);
  const folder = folderOf('all', host);
  const logs = join(folder, 'logs');
  await mkdir(logs, { recursive: true });
  const parts: Unit[] = [];
  const wholes: Unit[] = [];
  for (const name of values.studies.split(',')) {
    const study = await studyNamed(name);
    parts.push(...partsOf(name, study).map((part) => piece(name, part, { host, logs })));
    wholes.push(piece(name, { name: `${name}-whole`, args: [] }, { host, logs }));
  }
  const began = performance.now();
  const onEnd = ({ name }: Unit, how: string, left: number): void => {
    const minutes = ((performance.now() - began) / 60_000).toFixed(0);
    console.log(`${name}: ${how}; ${left} left after ${minutes} min`);
  };
  const store = fileStore(folder);
  const made = await runQueue(parts, { store, atOnce, signal, onEnd });
  // One at a time: they write the same page.
  const told = await runQueue(wholes, { store, atOnce: 1, signal, onEnd });
  if (signal.aborted) {
    console.log('Stopped; what is done is kept, and the same command goes on from there.');
    return stoppedStatus;
  }
  await writePages(host);
  const failed = [...made.failed, ...told.failed];
  if (failed.length === 0) return 0;
  console.log(`Failed, and tried again by the same command: ${failed.join(', ')}. See ${logs}.`);
  return 1;
}
