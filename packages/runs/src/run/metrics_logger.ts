import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { explain } from '../files/explain.js';
import { writeWhole } from '../files/write_whole.js';
import { formatMetrics, metricsText, parseMetrics, type MetricsLine } from './metrics.js';
import { metricsName, type RunDirectory } from './run.js';

/** Writes metrics to a run, a line at a time. */
export interface MetricsLogger {
  /**
   * Appends one line.
   *
   * @throws FileError when it cannot be written; earlier lines stay whole.
   */
  log(line: MetricsLine): Promise<void>;
}

async function appendAt(path: string, offset: number, line: Uint8Array): Promise<void> {
  try {
    const file = await open(path, constants.O_WRONLY | constants.O_CREAT);
    try {
      // At an offset, not at the end: a line cut short by a full disk is overwritten by the next.
      let written = 0;
      while (written < line.length) {
        const rest = line.length - written;
        written += (await file.write(line, written, rest, offset + written)).bytesWritten;
      }
      await file.truncate(offset + line.length);
    } catch (thrown) {
      await file.truncate(offset).catch(() => undefined);
      throw thrown;
    } finally {
      await file.close();
    }
  } catch (thrown) {
    throw explain('write', path, thrown);
  }
}

/**
 * Opens a run's `metrics.jsonl` for appending, after dropping a torn last line and, with `resumeFrom`,
 * every line after that step: a resumed run reports those steps again. The file is replaced whole.
 *
 * @throws FileError when the file cannot be read or written, or holds a broken line.
 */
export async function metricsLogger(
  run: RunDirectory,
  { resumeFrom = Infinity }: { readonly resumeFrom?: number } = {},
): Promise<MetricsLogger> {
  const path = join(run.dir, metricsName);
  const before = await metricsText(path);
  const kept = parseMetrics(before, path).filter(({ step }) => step <= resumeFrom);
  const text = kept.map(formatMetrics).join('');
  if (text !== before) await writeWhole(path, text);

  let offset = Buffer.byteLength(text);
  let last = Promise.resolve();
  return {
    log(line) {
      const bytes = Buffer.from(formatMetrics(line));
      // One after the other, also when a caller does not wait.
      const written = last.then(async () => {
        await appendAt(path, offset, bytes);
        offset += bytes.length;
      });
      last = written.catch(() => undefined);
      return written;
    },
  };
}
