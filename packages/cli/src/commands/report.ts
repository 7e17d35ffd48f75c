import { FileError } from '@elbo/core';
import { openRun, rebuildReport } from '@elbo/runs';
import type { Output } from '../output.js';

/** `elbo report RUN`: draws the report again of what lies in the run. Gives the exit status. */
export async function reportCommand(dir: string, output: Output): Promise<number> {
  const run = await openRun(dir);
  const report = await rebuildReport(run);
  if (report === undefined)
    throw new FileError(
      `${run.dir} has no report.json, from which a report is built: elbo train --resume ${dir} writes it when it ends.`,
    );
  output.line(report);
  output.result({ run: run.dir, report });
  return 0;
}
