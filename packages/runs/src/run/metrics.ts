import { FileError, parseJson } from '@elbo/core';
import { isMissing, readWhole } from '@elbo/files';
import type { MetricsLine } from '@elbo/report';
import type { Report } from '@elbo/training';
import { join, resolve } from 'node:path';
import { metricsName } from './run.js';

/** The line of a report of `train`; the rate, in steps a second, is training's. */
export function metricsLine({ step, split, metrics, rate }: Report): MetricsLine {
  return { step, split, ...metrics, ...(split === 'training' && { rate }) };
}

function isLine(value: unknown): value is MetricsLine {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { step, split, ...metrics } = value as Record<string, unknown>;
  return (
    Number.isSafeInteger(step) &&
    (step as number) >= 0 &&
    typeof split === 'string' &&
    Object.values(metrics).every(
      (metric) => metric === null || /^(number|string)$/.test(typeof metric),
    )
  );
}

/** A line is an object of numbers and short texts. */
const lineLimits = { size: 2 ** 20, depth: 1 };

/** A metrics line as text, with its line break. */
export function formatMetrics(line: MetricsLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** A line's JSON; `undefined` when it is none. */
function jsonOf(line: string): unknown {
  try {
    return parseJson(line, 'a line', lineLimits);
  } catch {
    return undefined;
  }
}

/**
 * The lines of a metrics file's text. A last line without its line break is the trace of a kill in the
 * middle of a write, and is left out.
 *
 * @param where Names the file in errors.
 * @throws FileError that names the first whole line which is no metrics line.
 */
export function parseMetrics(text: string, where: string): readonly MetricsLine[] {
  const whole = text.split('\n').slice(0, -1);
  return whole.map((line, index) => {
    const value = jsonOf(line);
    if (isLine(value)) return value;
    throw new FileError(
      `${where}, line ${index + 1} is not a metrics line (a JSON object with a whole "step", a "split", ` +
        'and numbers): repair or remove that line.',
    );
  });
}

/** A file of more is none of a run's: a million lines fit. */
const mostBytes = 2 ** 28;

/** The text of a run's metrics file; empty when there is none yet. */
export async function metricsText(path: string): Promise<string> {
  try {
    const bytes = await readWhole(path, { size: mostBytes, follow: false });
    return new TextDecoder().decode(bytes);
  } catch (thrown) {
    if (thrown instanceof FileError && isMissing(thrown.cause)) return '';
    throw thrown;
  }
}

/**
 * The metrics of the run in a folder, in the order they were written; none when it wrote none yet.
 *
 * @throws FileError when the file cannot be read, or a line before a torn last one is broken.
 */
export async function readMetrics(dir: string): Promise<readonly MetricsLine[]> {
  const path = join(resolve(dir), metricsName);
  return parseMetrics(await metricsText(path), path);
}
