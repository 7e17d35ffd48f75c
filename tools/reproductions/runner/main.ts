import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { selectBackend } from '@elbo/backends';
import { studies } from '../studies/index.js';
import { readFlags, readLine, UsageError, type Line } from './command_line.js';

/** What the repository's other tools do for a run. */
export interface Host<Machine = unknown> {
  /** The repository. */
  readonly root: string;
  /** A folder in it that git ignores. */
  readonly scratch: string;
  machine(): Machine;
  describe(machine: Machine): string;
  /** Keeps a section of a page of docs/, and numbers beside it. */
  record(section: {
    readonly page: string;
    readonly name: string;
    readonly markdown: string;
    readonly json: unknown;
  }): Promise<void>;
}

async function list(): Promise<void> {
  for (const [name, load] of Object.entries(studies))
    console.log(`${name.padEnd(20)} ${(await load()).summary}`);
}

/** A signal that the process is asked to stop. */
function stopped(): AbortSignal {
  const controller = new AbortController();
  for (const kind of ['SIGINT', 'SIGTERM'])
    process.once(kind, () => {
      controller.abort(new Error(`stopped by ${kind}`));
    });
  return controller.signal;
}

/** Runs a study and keeps what it found; the exit status. */
async function reproduce(name: string, line: Line, host: Host): Promise<number> {
  const load = studies[name];
  if (!load)
    throw new UsageError(
      `No reproduction '${name}'. There are: ${Object.keys(studies).join(', ')}.`,
    );
  const study = await load();
  const values = readFlags(line.rest, study.flags);
  const backend = await selectBackend({ backend: 'wasm' });
  const out = join(host.scratch, 'reproductions', name);
  await mkdir(out, { recursive: true });
  const signal = stopped();
  // Progress goes beside the result, so that --json can be piped.
  const log = (message: string): void => void process.stderr.write(`${message}\n`);
  const { root } = host;
  const seeds = line.seeds ?? study.seeds;
  try {
    const found = await study.run({ seeds, values, backend, out, root, log, signal });
    signal.throwIfAborted();
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
      markdown: `${page.trim()}\n\n\`${command}\` on ${host.describe(machine)}.`,
      json: { command, machine, result: found.result },
    });
    console.log(line.json ? JSON.stringify(found.result, null, 2) : page);
    return found.holds ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    log(`Stopped; what is done is kept in ${out}, and the same command goes on from there.`);
    return 130;
  }
}

/** `npm run reproduce -- [NAME] [--seeds 0,1,2] [--json] [FLAGS OF THE STUDY]`; resolves to the exit status. */
export async function main(args: readonly string[], host: Host): Promise<number> {
  try {
    const line = readLine(args);
    if (line.name !== undefined) return await reproduce(line.name, line, host);
    await list();
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(error.message);
    return 2;
  }
}
