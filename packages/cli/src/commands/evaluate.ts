import { selectBackend } from '@elbo/backends';
import { disposeState } from '@elbo/training';
import { fileOptions } from '../data.js';
import { interrupted } from '../interrupt.js';
import { metricNamed, usualMetric, type MetricOptions } from '../metrics/index.js';
import type { Output } from '../output.js';
import { openTrained } from '../trained.js';

/** The options of `elbo evaluate`. */
export interface EvaluateFlags extends MetricOptions {
  /** Names with commas between; by default what suits the model. */
  readonly metric?: string;
  readonly dataDir?: string;
  readonly backend?: string;
}

/** `elbo evaluate RUN`: figures of a trained model on held-out rows. Gives the exit status. */
export async function evaluateCommand(
  dir: string,
  flags: EvaluateFlags,
  output: Output,
): Promise<number> {
  const chosen = flags.metric?.split(',').map((name) => metricNamed(name.trim()));
  await selectBackend({ backend: flags.backend ?? 'auto' });
  const trained = await openTrained(dir, fileOptions(flags.dataDir, output), output);
  try {
    for (const metric of chosen ?? [usualMetric(trained)]) {
      const found = await metric(trained, flags, output);
      output.result({ run: trained.run.dir, step: trained.state.step, ...found });
      output.line(
        Object.entries(found)
          .map(
            ([label, value]) => `${label} ${typeof value === 'number' ? +value.toFixed(4) : value}`,
          )
          .join('   '),
      );
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return interrupted;
    throw error;
  } finally {
    disposeState(trained.state);
  }
  return 0;
}
