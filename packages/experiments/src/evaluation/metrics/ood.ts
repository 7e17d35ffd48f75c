import type { Dataset } from '@elbo/datasets';
import {
  anomalyScores,
  judgeScores,
  typicality,
  withoutComplexity,
  type JudgedScores,
} from '@elbo/evaluation';
import type { Batch } from '@elbo/objectives';
import { fold, key, type Key } from '@elbo/random';
import { deflateRawSync } from 'node:zlib';
import type { Host } from '../../host.js';
import { RequestError } from '../../request_error.js';
import type { RunWithData } from '../../use/load_run.js';
import { otherRows } from '../../use/other_rows.js';
import { onRows, randomRows } from '../../use/rows.js';
import type { Metric, MetricOptions } from '../metric.js';

/** The share of normal rows that may be called anomalies. */
const alpha = 0.05;

/** Scores of some rows, by name. */
type Scores = Readonly<Record<string, Float64Array>>;

/**
 * How well a model tells rows of another dataset from its own: the first half of the held-out rows sets what is normal,
 * and the second half is judged with as many rows of the other set.
 */
export const ood: Metric = async (trained, options, host) => {
  const { model, sets } = trained;
  const { rows = 400, seed, against } = options;
  if (against === undefined)
    throw new RequestError(
      '--metric ood compares with other data: name them with --against, as in --against fashion-mnist.',
    );
  if (!model.encoder)
    throw new RequestError('--metric ood scores rows by their z, and this model has no encoder.');
  const others = await otherRows(trained, '--against', against, host);
  const half = Math.floor(Math.min(rows, sets.test.size) / 2);
  const noise = fold(key(seed), 'ood');
  const ours = await scoresOf(trained, sets.test, 2 * half, noise, options, host);
  const theirs = await scoresOf(trained, others, half, fold(noise, 'others'), options, host);
  const part = (scores: Scores, begin: number, end: number): Scores =>
    Object.fromEntries(
      Object.entries(scores).map(([name, values]) => [name, values.slice(begin, end)]),
    );
  const calibration = part(ours, 0, half);
  const normal = part(ours, half, 2 * half);
  const judged = Object.keys(ours).flatMap((name) =>
    figures(
      name,
      judgeScores(
        { calibration: calibration[name]!, normal: normal[name]!, anomalies: theirs[name]! },
        alpha,
      ),
    ),
  );
  const likely = calibration.likelihood!;
  const typical = judgeScores(
    {
      calibration: typicality(likely, likely),
      normal: typicality(likely, normal.likelihood!),
      anomalies: typicality(likely, theirs.likelihood!),
    },
    alpha,
  );
  return {
    metric: 'ood',
    rows: 2 * half,
    against,
    samples: samplesOf(options),
    alpha,
    ...Object.fromEntries([...judged, ...figures('typicality', typical)]),
  };
};

const samplesOf = ({ samples = 100 }: MetricOptions): number => samples;

function figures(
  name: string,
  { auroc, aupr, falseAlarms, found }: JudgedScores,
): readonly (readonly [string, number])[] {
  return [
    [`${name}Auroc`, auroc.mean],
    [`${name}AurocError`, auroc.error],
    [`${name}Aupr`, aupr],
    [`${name}Found`, found.mean],
    [`${name}FalseAlarms`, falseAlarms.mean],
  ];
}

async function scoresOf(
  { model, params }: RunWithData,
  data: Dataset,
  rows: number,
  noise: Key,
  options: MetricOptions,
  host: Host,
): Promise<Scores> {
  return onRows(randomRows(data, rows, noise), { count: rows, noise, model }, async (batch) => {
    const bar = host.progress(rows);
    try {
      const scores = await anomalyScores(model, params, batch, {
        key: noise,
        samples: samplesOf(options),
        onProgress: (share) => {
          bar.update(Math.round(share * rows), 'rows');
        },
      });
      const complexity = withoutComplexity(scores.likelihood, await deflatedNats(batch));
      return { ...scores, complexity };
    } finally {
      bar.stop();
    }
  });
}

/** What deflate takes for each row, a byte a value: a rough complexity. */
export async function deflatedNats({ x }: Batch): Promise<readonly number[]> {
  const values = await x.data<'float32'>();
  const width = x.size / x.shape[0];
  return Array.from({ length: x.shape[0] }, (_, row) => {
    const bytes = Uint8Array.from(
      values.subarray(row * width, (row + 1) * width),
      (value) => 255 * Math.min(1, Math.max(0, value)),
    );
    return deflateRawSync(bytes, { level: 9 }).length * 8 * Math.LN2;
  });
}
