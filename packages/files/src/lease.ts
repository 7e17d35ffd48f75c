import { FileError, parseJson, printable } from '@elbo/core';
import { randomInt, randomUUID } from 'node:crypto';
import { constants, unlinkSync } from 'node:fs';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { createWhole } from './create_whole.js';
import { explain } from './explain.js';
import { makeFolder } from './make_folder.js';
import { alive, machineOf, startOf } from './process.js';
import { readWhole } from './read_whole.js';
import { noFollow } from './regular.js';

/** A claim to a folder. It ends with its process, whatever ends that. */
export interface Lease {
  /** Gives the folder free. */
  release(): Promise<void>;
}

/** Who holds a lease. */
interface Holder {
  readonly id: string;
  readonly host: string;
  readonly machine: string;
  readonly pid: number;
  /** When the process started, where the system says; it tells it from a later one of the same number. */
  readonly started?: string;
  /** When the lease was taken. */
  readonly since: string;
}

/** Milliseconds between signs of life. */
const renewal = 10_000;
/**
 * Milliseconds without a sign of life after which a process of another machine counts as dead. A sign comes between two steps
 * of training, not within one, which blocks its thread: so this is far longer than any step.
 */
const patience = 1_800_000;

function isHolder(value: unknown): value is Holder {
  const { id, host, machine, pid, since } = value as Record<keyof Holder, unknown>;
  return (
    [id, host, machine, since].every((text) => typeof text === 'string') &&
    Number.isSafeInteger(pid) &&
    (pid as number) > 0
  );
}

/** The time by the clock of the machine whose disk it is, to which the times of its files belong. */
async function timeIn(folder: string): Promise<number> {
  const path = join(folder, `.time-${randomUUID()}.tmp`);
  try {
    await createWhole(path, '');
    return (await stat(path)).mtimeMs;
  } finally {
    await rm(path, { force: true }).catch(() => undefined);
  }
}

/** A lease's file that another process holds; `undefined` when it is gone or its process is dead. */
async function liveIn(folder: string, name: string): Promise<Holder | undefined> {
  const path = join(folder, name);
  let holder: Holder | undefined;
  try {
    const value = parseJson(await readWhole(path, { size: 10_000, follow: false }), path);
    if (typeof value === 'object' && value !== null && isHolder(value)) holder = value;
  } catch {
    // What cannot be read has an age all the same.
  }
  if (holder?.machine === machineOf()) {
    const { pid, started } = holder;
    return alive(pid) && (started === undefined || startOf(pid) === started) ? holder : undefined;
  }
  const seen = await stat(path).catch(() => undefined);
  if (!seen || (await timeIn(folder)) - seen.mtimeMs > patience) return undefined;
  return (
    holder ?? {
      id: name,
      host: 'another machine',
      machine: '',
      pid: 0,
      since: seen.mtime.toISOString(),
    }
  );
}

/** The files of a lease in a folder, by number. */
async function filesOf(folder: string, name: string): Promise<ReadonlyMap<string, number>> {
  const pattern = /^\.(.+)-(\d{1,15})\.lease$/;
  const numbers = new Map<string, number>();
  for (const file of await readdir(folder)) {
    const [, whose, number] = pattern.exec(file) ?? [];
    if (whose === name) numbers.set(file, Number(number));
  }
  return numbers;
}

/**
 * One attempt. Who finds only leases of the dead makes the next one by number, which one process alone can; then it looks
 * again, for one that began to count anew meanwhile.
 */
async function attempt(folder: string, name: string): Promise<Lease | Holder> {
  const before = await filesOf(folder, name);
  for (const file of before.keys()) {
    const holder = await liveIn(folder, file);
    if (holder) return holder;
  }
  const mine = `.${name}-${Math.max(0, ...before.values()) + 1}.lease`;
  const path = join(folder, mine);
  const started = startOf(process.pid);
  const me: Holder = {
    id: randomUUID(),
    host: hostname(),
    machine: machineOf(),
    pid: process.pid,
    ...(started !== undefined && { started }),
    since: new Date().toISOString(),
  };
  if (!(await createWhole(path, `${JSON.stringify(me)}\n`)))
    return (await liveIn(folder, mine)) ?? attempt(folder, name);
  for (const file of (await filesOf(folder, name)).keys()) {
    if (file === mine) continue;
    const holder = await liveIn(folder, file);
    if (holder) {
      await rm(path, { force: true });
      return holder;
    }
    await rm(join(folder, file), { force: true });
  }
  return held(path);
}

/** Writes what is there already, so that the time of the file is now by the clock of its disk's own machine. */
async function renew(path: string): Promise<void> {
  const handle = await open(path, constants.O_WRONLY | noFollow);
  try {
    await handle.write('{', 0);
  } finally {
    await handle.close();
  }
}

function held(path: string): Lease {
  const timer = setInterval(() => {
    renew(path).catch(() => undefined);
  }, renewal);
  timer.unref();
  const atExit = (): void => {
    try {
      unlinkSync(path);
    } catch {
      // Its process ends, which ends it too.
    }
  };
  process.once('exit', atExit);
  return {
    async release() {
      clearInterval(timer);
      process.off('exit', atExit);
      await rm(path, { force: true });
    },
  };
}

function whose({ host, pid, since }: Holder): string {
  return `process ${pid} on ${printable(host)}, since ${printable(since)}`;
}

/**
 * Takes a lease of a folder, which is made when it is missing: one process at a time holds one of a name. A process of this
 * machine holds it as long as it lives; one of another machine, that shares the folder, as long as it gives signs of life.
 *
 * @throws FileError that names the process which holds it.
 */
export async function takeLease(folder: string, name: string): Promise<Lease> {
  await makeFolder(folder);
  try {
    const found = await attempt(folder, name);
    if ('release' in found) return found;
    throw new FileError(
      `${printable(folder)} is in use by another process (${whose(found)}): wait until it ends, or stop it.`,
    );
  } catch (thrown) {
    throw explain('take', folder, thrown);
  }
}

/** Milliseconds to wait for short work of others before it is an error. */
const longest = 60_000;

/**
 * Does short work while no other process does work of that name in the folder: waits for its turn.
 *
 * @throws FileError when its turn does not come.
 */
export async function inTurn<T>(folder: string, name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  for (;;) {
    const found = await attempt(folder, name).catch((thrown: unknown) => {
      throw explain('take', folder, thrown);
    });
    if ('release' in found) {
      try {
        return await work();
      } finally {
        await found.release();
      }
    }
    if (performance.now() - began > longest)
      throw new FileError(`${printable(folder)} is in use by another process (${whose(found)}).`);
    await new Promise((resolve) => setTimeout(resolve, randomInt(5, 50)));
  }
}
