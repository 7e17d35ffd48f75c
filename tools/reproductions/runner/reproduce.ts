// Runs one study, or a part of it.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selectBackend } from '@elbo/backends';
import { toJson } from '../common/kept_rows.js';
import { studies } from '../studies/index.js';
import { clockFrom } from './clock.js';
import { readFlags, UsageError, type Line } from './command_line.js';
import { footer, type Host } from './host.js';
import type { Study } from './study.js';

/** What a process is to say when it is stopped: what it did is kept. */
export const stoppedStatus = 130;

/** @throws UsageError for a name that there is none of. */
export async function studyNamed(name: string): Promise<Study> {
  const load = studies[name];
  if (!load)
    throw new UsageError(
      `No reproduction '${name}'. There are: ${Object.keys(studies).join(', ')}.`,
    );
  return load();
}

/** The folder that keeps what a study needs to go on. */
export const folderOf = (name: string, { scratch }: Pick<Host, 'scratch'>): string =>
  join(scratch, 'reproductions', name);

/** Runs a study and keeps what it found, unless it is run in part; the exit status. */
export async function reproduce(
  name: string,
  line: Line,
  host: Host,
  signal: AbortSignal,
): Promise<number> {
  const study = await studyNamed(name);
  const values = readFlags(line.rest, study.flags);
  // On one thread: a night runs several at a time, and seconds of a core stay what they were.
  const backend = await selectBackend({ backend: 'wasm', threads: 1 });
  const out = folderOf(name, host);
  await mkdir(out, { recursive: true });
  // Progress goes beside the result, so that --json can be piped.
  const log = (message: string): void => void process.stderr.write(`${message}\n`);
  const { root } = host;
  const clock = clockFrom();
  try {
    const seeds = line.seeds ?? study.seeds;
    const found = await study.run({ seeds, values, backend, out, root, log, signal });
    signal.throwIfAborted();
    if (line.part) {
      log(`Done in ${clock().coreSeconds.toFixed(0)} s of a core.`);
      return 0;
    }
    const page = study.page(found.result);
    const pictures = join(root, 'docs', 'reproductions');
    await mkdir(pictures, { recursive: true });
    for (const [file, picture] of Object.entries(found.pictures ?? {}))
      await writeFile(join(pictures, file), picture);
    const machine = host.machine();
    const given = line.seeds ? ['--seeds', line.seeds.join(',')] : [];
    const command = ['npm run reproduce --', name, ...given, ...line.rest].join(' ');
    await host.record({
      page: 'reproductions',
      name,
      markdown: `${page.trim()}\n\n${footer(command, machine, host)}`,
      json: { command, machine, result: found.result },
      ...(found.rows && { rows: toJson(found.rows) }),
    });
    console.log(line.json ? JSON.stringify(found.result, null, 2) : page);
    return found.holds ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    log(`Stopped; what is done is kept in ${out}, and the same command goes on from there.`);
    return stoppedStatus;
  }
}
