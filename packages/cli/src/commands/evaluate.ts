import { selectBackend } from '@elbo/backends';
import { closest } from '@elbo/core';
import { logLikelihood } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { disposeState, validate } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';
import { fileOptions } from '../data.js';
import type { Output } from '../output.js';
import { firstRows } from '../pictures.js';
import { openTrained, type Trained } from '../trained.js';
import { UsageError } from '../usage.js';

/** The options of `elbo evaluate`. */
export interface EvaluateFlags {
  readonly metric: string;
  readonly dataDir?: string;
  readonly rows?: number;
  readonly samples: number;
  readonly seed: number;
  readonly backend?: string;
}

/** A figure with what it was measured on. */
interface Evaluated {
  readonly metric: string;
  readonly [figure: string]: number | string;
}

type Metric = (trained: Trained, flags: EvaluateFlags, output: Output) => Promise<Evaluated>;

/** The mean of the model's own ELBO over held-out rows. */
const elbo: Metric = async ({ model, params, sets }, { rows, seed }) => {
  const count = Math.min(rows ?? sets.validation.size, sets.validation.size);
  const metrics = await validate(model, params, sets.validation, { rows: count, seed });
  return { metric: 'elbo', rows: count, ...metrics };
};

/** Minus the importance-sampled log-likelihood of held-out rows. */
const nll: Metric = async ({ model, params, sets }, { rows = 100, samples, seed }, output) => {
  const noise = fold(key(seed), 'nll');
  const { batch } = await firstRows(sets.validation, rows, noise);
  const count = batch.x.shape[0];
  const bar = output.bar(count);
  try {
    const { logLikelihood: logs, effectiveSampleSize } = await logLikelihood(
      model,
      params.primal,
      batch,
      {
        key: noise,
        samples,
        onProgress: (share) => {
          bar.update(Math.round(share * count), 'rows');
        },
      },
    );
    const mean = logs.reduce((a, b) => a + b, 0) / count;
    const variance = logs.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, count - 1);
    const sizes = effectiveSampleSize.toSorted();
    return {
      metric: 'nll',
      rows: count,
      samples,
      nll: -mean,
      standardError: Math.sqrt(variance / count),
      effectiveSampleSizeMedian: sizes[count >> 1]!,
      effectiveSampleSizeLeast: sizes[0]!,
      proposal: model.encoder?.offers.includes('logProb') ? 'posterior' : 'widened normal',
    };
  } finally {
    bar.stop();
    dispose(Object.values(batch));
  }
};

const metrics: Readonly<Record<string, Metric>> = { elbo, nll };

/** @throws UsageError that suggests the nearest name. */
function metricNamed(name: string): Metric {
  if (Object.hasOwn(metrics, name)) return metrics[name]!;
  const known = Object.keys(metrics);
  const near = closest(name, known);
  throw new UsageError(
    `There is no metric '${name}'${near === undefined ? `. Known: ${known.join(', ')}.` : `; did you mean '${near}'?`}`,
  );
}

/** `elbo evaluate RUN`: figures of a trained model on held-out rows. Gives the exit status. */
export async function evaluateCommand(
  dir: string,
  flags: EvaluateFlags,
  output: Output,
): Promise<number> {
  const chosen = flags.metric.split(',').map((name) => metricNamed(name.trim()));
  await selectBackend({ backend: flags.backend ?? 'auto' });
  const trained = await openTrained(dir, fileOptions(flags.dataDir, output), output);
  try {
    for (const metric of chosen) {
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
  } finally {
    disposeState(trained.state);
  }
  return 0;
}
