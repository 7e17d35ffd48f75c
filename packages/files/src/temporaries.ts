import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { alive } from './process.js';

/** Tells machines apart that share a folder: a process of another one cannot be looked for here. */
const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

const pattern = /^\..*\.([0-9a-f]{8})-(\d+)-[0-9a-f]+\.tmp$/;

const day = 24 * 60 * 60 * 1000;

/** A name for the temporary file of a file: hidden, and another one each time. */
export function temporaryName(name: string): string {
  return `.${name.slice(0, 60)}.${machine}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
}

/** Removes the temporary files that killed processes left in a folder; those of other machines when they are a day old. */
export async function sweepTemporaries(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const [, whose, pid] = pattern.exec(name) ?? [];
    if (whose === undefined) continue;
    const path = join(folder, name);
    const left =
      whose === machine
        ? !alive(Number(pid))
        : await stat(path).then(
            ({ mtimeMs }) => Date.now() - mtimeMs > day,
            () => false,
          );
    if (left) await rm(path, { force: true });
  }
}
