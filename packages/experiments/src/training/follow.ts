import type { Report, Run } from '@elbo/training';
import type { Host } from '../host.js';
import { formatMetrics, formatPace } from './progress_line.js';

/** What to follow a run with. */
export interface FollowOptions {
  /** The step that it began at. */
  readonly from: number;
  /** The step that it ends at. */
  readonly steps: number;
  readonly host: Host;
  /** Hears of each report, and what is said of it in a line. */
  readonly log: (report: Report, says: string) => Promise<void>;
}

/** Iterates a run, and shows how far it is. */
export async function follow(session: Run, options: FollowOptions): Promise<void> {
  const { from, steps, host, log } = options;
  const began = performance.now();
  const pace = (step: number): string =>
    formatPace(step - from, steps - step, (performance.now() - began) / 1000);
  const bar = host.progress(steps, from);
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
      step = report.step;
      const training = report.split === 'training';
      const metrics = formatMetrics(report.metrics);
      // One figure in one place: validation would make it jump.
      if (training) shown = metrics;
      await log(
        report,
        `step ${step}/${steps} ${training ? `${metrics} ${pace(step)}` : `validation ${metrics}`}`,
      );
      draw();
    }
    step = session.state.step;
    draw();
  } finally {
    clearInterval(tick);
    bar.stop();
  }
}
