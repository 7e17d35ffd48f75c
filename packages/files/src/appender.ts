import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { explain } from './explain.js';
import { expectRegular, noFollow } from './regular.js';

/** Appends to one file, whose only writer it is. */
export interface Appender {
  /**
   * Writes text behind all before.
   *
   * @throws FileError when it cannot be written; what was there before stays whole.
   */
  append(text: string): Promise<void>;
}

async function writeAt(path: string, offset: number, parts: readonly Buffer[]): Promise<void> {
  try {
    const file = await open(path, constants.O_RDWR | constants.O_CREAT | noFollow);
    try {
      const stats = await file.stat();
      expectRegular('write', path, stats);
      // Removed or cut since: all of it again, where an offset beyond its end would leave a hole of zeros.
      const [part, from] =
        stats.size < offset ? [Buffer.concat(parts), 0] : [parts.at(-1)!, offset];
      const keep = Math.min(offset, stats.size);
      try {
        let written = 0;
        while (written < part.length) {
          const rest = part.length - written;
          written += (await file.write(part, written, rest, from + written)).bytesWritten;
        }
        await file.truncate(from + part.length);
      } catch (thrown) {
        await file.truncate(keep).catch(() => undefined);
        throw thrown;
      }
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw explain('write', path, thrown);
  }
}

/**
 * Appends to a file that holds `before`, which it keeps in mind: a file that is removed or cut while it is written is whole again
 * after the next append. It is written at an offset, not at its end, so that what a full disk cut short is overwritten by
 * the next. A symbolic link in the file's place is not followed.
 */
export function appender(path: string, before: string): Appender {
  const parts = [Buffer.from(before)];
  let offset = parts[0]!.length;
  let last = Promise.resolve();
  return {
    append(text) {
      const bytes = Buffer.from(text);
      // One after the other, also when a caller does not wait.
      const written = last.then(async () => {
        parts.push(bytes);
        try {
          await writeAt(path, offset, parts);
          offset += bytes.length;
        } catch (thrown) {
          parts.pop();
          throw thrown;
        }
      });
      last = written.catch(() => undefined);
      return written;
    },
  };
}
