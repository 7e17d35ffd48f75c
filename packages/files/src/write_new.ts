import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { noFollow } from './regular.js';

const { O_WRONLY, O_CREAT, O_EXCL } = constants;

/** Writes a file that is not there yet, and flushes it. A kill may leave a part of it, so it is to have a name that nobody reads. */
export async function writeNew(path: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(path, O_WRONLY | O_CREAT | O_EXCL | noFollow, 0o666);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
