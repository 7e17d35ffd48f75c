import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explain } from './explain.js';
import { makeFolder } from './make_folder.js';

const temporary = /^\..+\.(\d+)-\d+\.tmp$/;

let count = 0;

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the rename is durable without.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file so that whoever reads it, after a kill or a power cut at any moment, finds either
 * what was there before or all of `content`. Makes the folder when it is missing.
 *
 * @throws FileError when it cannot be written; what was there before stays whole.
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  // The temporary file lies beside the real one: a rename is atomic only within one file system.
  const temp = join(folder, `.${basename(path)}.${process.pid}-${count++}.tmp`);
  await makeFolder(folder);
  try {
    const handle = await open(temp, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temp, path);
    await syncFolder(folder);
  } catch (thrown) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw explain('write', path, thrown);
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives, and is someone else's.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** Removes the temporary files that killed processes left in a folder. */
export async function sweepTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = temporary.exec(name)?.[1];
    if (pid !== undefined && !alive(Number(pid))) await rm(join(folder, name), { force: true });
  }
}
