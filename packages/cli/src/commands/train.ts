import { trainResolved, type EndedBefore, type Known } from '@elbo/experiments';
import { formatFigure } from '@elbo/report';
import { metricsLine } from '@elbo/runs';
import { interrupted, onInterrupt, type Interrupt } from '../interrupt.js';
import type { Output } from '../output.js';
import { resolveFlags } from '../resolve_flags.js';
import type { TrainFlags } from '../train_flags.js';

/** `elbo train`: resolves a configuration, trains it into a run directory, reports. Gives the exit status. */
export async function trainCommand(
  name: string | undefined,
  flags: TrainFlags,
  output: Output,
  known: Known,
  command: string,
): Promise<number> {
  const resolution = await resolveFlags(name, flags, output, known);
  const failure = new AbortController();
  const listen = (): Interrupt =>
    onInterrupt(
      () => {
        output.note('Interrupted: writing a checkpoint and the report (again to stop at once) ...');
      },
      {
        failed: (error) => {
          output.note('An unexpected error: writing a checkpoint before the process ends ...');
          failure.abort(error);
        },
        stuck: () => {
          output.note(
            'The current step does not end, so nothing was saved since the last checkpoint.',
          );
        },
      },
    );
  // From the first step on: before it there is nothing to save.
  let interrupt: Interrupt | undefined;
  try {
    const trained = await trainResolved(resolution, { out: flags.out, command }, known, {
      ...output,
      failure: failure.signal,
      get signal() {
        return interrupt?.signal;
      },
      started: (run) => {
        interrupt = listen();
        output.result({ event: 'start', ...run });
      },
      reported: (report, says) => {
        output.result({ event: 'report', ...metricsLine(report) });
        if (!output.interactive) output.line(says);
      },
      safe: () => {
        interrupt?.release();
      },
    });
    if (!('headline' in trained)) return nothingLeft(trained, output);
    const { run, ended, headline, report } = trained;
    output.line(headline.map((figure) => `${figure.label} ${formatFigure(figure)}`).join('   '));
    output.line(`Report: ${report}`);
    if (ended === 'aborted') output.line(`Resume with: elbo train --resume ${run}`);
    output.result({ event: 'end', ...trained });
    return ended === 'aborted' ? interrupted : 0;
  } finally {
    interrupt?.release();
  }
}

/** Says that a run to go on with is at its end. */
function nothingLeft({ run, ended, step, report }: EndedBefore, output: Output): number {
  output.line(
    ended === 'early'
      ? `Nothing to train: ${run} stopped early at step ${step}.`
      : `Nothing to train: ${run} has finished its ${step} steps; to train on, in a further leg, give --steps a higher number.`,
  );
  output.line(`Report: ${report}`);
  output.result({ event: 'end', ended, step, run, report });
  return 0;
}
