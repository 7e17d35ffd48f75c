import { metricsLine } from '@elbo/runs';
import type { Report, Run } from '@elbo/training';
import { formatMetrics, formatPace } from './format.js';
import type { Output } from './output.js';

/** What to follow a run with. */
export interface FollowOptions {
  /** The step that it began at. */
  readonly from: number;
  /** The step that it ends at. */
  readonly steps: number;
  readonly output: Output;
  /** Keeps a report. */
  readonly log: (report: Report) => Promise<void>;
}

/** Iterates a run, and shows it as a bar, as lines or as JSON. */
export async function follow(session: Run, options: FollowOptions): Promise<void> {
  const { from, steps, output, log } = options;
  const began = performance.now();
  const pace = (step: number): string =>
    formatPace(step - from, steps - step, (performance.now() - began) / 1000);
  const bar = output.bar(steps, from);
  let step = from;
  let shown = '';
  const draw = (): void => {
    bar.update(step, `${shown} ${pace(step)}`);
  };
  // Reports are seldom; a bar that stands still looks dead.
  const tick = setInterval(() => {
    step = session.state.step;
    draw();
  }, 250);
  try {
    for await (const report of session) {
      await log(report);
      step = report.step;
      const training = report.split === 'training';
      const metrics = formatMetrics(report.metrics);
      // One figure in one place: validation would make it jump.
      if (training) shown = metrics;
      draw();
      output.result({ event: 'report', ...metricsLine(report) });
      if (!output.interactive)
        output.line(
          `step ${step}/${steps} ${training ? `${metrics} ${pace(step)}` : `validation ${metrics}`}`,
        );
    }
    step = session.state.step;
    draw();
  } finally {
    clearInterval(tick);
    bar.stop();
  }
}
