import { appender, writeWhole } from '@elbo/files';
import type { MetricsLine } from '@elbo/report';
import { join } from 'node:path';
import { formatMetrics, metricsText, parseMetrics } from './metrics.js';
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

  const file = appender(path, text);
  return { log: (line) => file.append(formatMetrics(line)) };
}
