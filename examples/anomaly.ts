// Anomaly detection: a model of normal images, a score, and a threshold with a promised rate of false alarms.
import { selectBackend } from '@elbo/backends';
import { standardNormal } from '@elbo/core';
import { binarise, fromArrays, strokes, subset, take, type Dataset } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { conformalThreshold, logLikelihood } from '@elbo/evaluation';
import { adam } from '@elbo/optimisers';
import { key } from '@elbo/random';
import { train } from '@elbo/training';
import { vae } from '@elbo/vae';
import { numbers } from './lib/options.ts';
import { firstRows, labelsOf } from './lib/rows.ts';

const { steps, rows } = numbers({ steps: 3000, rows: 1000 });
await selectBackend();

/** The digits of some classes, with pixels of 0 or 1. */
async function digits(split: 'train' | 'validation' | 'test', normal: boolean): Promise<Dataset> {
  const all = strokes({ size: split === 'train' ? 10_000 : 3 * rows, split });
  const labels = await labelsOf(all);
  const chosen = [...labels.keys()].filter((row) => labels[row]! < 5 === normal);
  return binarise(subset(all, chosen), 'threshold');
}

/** The same images with a square of 8 × 8 pixels turned black to white and white to black. */
async function corrupted(data: Dataset): Promise<Dataset> {
  const { x } = await firstRows(data, data.size);
  const values = await x.data<'float32'>();
  x.dispose();
  const damaged = values.map((value, i) => {
    const [column, line] = [i % 28, Math.floor((i % 784) / 28)];
    return column >= 10 && column < 18 && line >= 10 && line < 18 ? 1 - value : value;
  });
  return fromArrays({ x: damaged, shape: data.shape, name: 'corrupted' });
}

// 0 to 4 are normal. The model sees one part of them, the threshold another, and the test a third.
const model = vae({
  prior: standardNormal(8),
  encoder: gaussianEncoder({ network: mlp({ hidden: [200] }), latent: 8 }),
  decoder: bernoulliDecoder({ network: mlp({ hidden: [200] }), shape: [28, 28, 1] }),
});
const run = train(model, await digits('train', true), {
  steps,
  batchSize: 64,
  seed: 1,
  primal: adam(1e-3),
  every: Math.ceil(steps / 5),
});
for await (const { step, metrics } of run)
  console.log(`step ${step}: ELBO ${metrics.elbo?.toFixed(2)} nats`);
const { params } = run.take();

/** −log p(x) of each row in nats, by importance sampling. */
async function scores(data: Dataset): Promise<Float64Array> {
  const { x } = await firstRows(take(data, rows), rows);
  const { logLikelihood: values } = await logLikelihood(
    model,
    params.primal,
    { x },
    { key: key(2), samples: 50 },
  );
  x.dispose();
  return values.map((value) => -value);
}

const test = await digits('test', true);
const calibration = await scores(await digits('validation', true));
const normal = await scores(test);
const strange = {
  'digits 5 to 9': await scores(await digits('test', false)),
  'normal digits with an inverted square': await scores(await corrupted(take(test, rows))),
};

/** The share of `high` above `low`, ties half: the area under the receiver operating characteristic. */
function auroc(high: Float64Array, low: Float64Array): number {
  let above = 0;
  for (const a of high) for (const b of low) above += a > b ? 1 : a === b ? 0.5 : 0;
  return above / (high.length * low.length);
}

/** Wilson's 95 % interval of a share. */
function interval(share: number, n: number): readonly [number, number] {
  const z = 1.96;
  const centre = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half =
    (z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n))) / (1 + (z * z) / n);
  return [centre - half, centre + half];
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
console.log(
  `\nThresholds from ${calibration.length} normal images, tested on ${normal.length} others:`,
);
for (const alpha of [0.01, 0.05, 0.1]) {
  const threshold = conformalThreshold(calibration, alpha);
  const flagged = (of: Float64Array): number =>
    of.filter((score) => score > threshold).length / of.length;
  const alarms = flagged(normal);
  const [low, high] = interval(alarms, normal.length);
  console.log(
    `  at most ${percent(alpha)} false alarms, above ${threshold.toFixed(1)} nats: measured ${percent(alarms)} (${percent(low)} to ${percent(high)})`,
  );
  for (const [name, of] of Object.entries(strange))
    console.log(`    found of ${name}: ${percent(flagged(of))}`);
}
for (const [name, of] of Object.entries(strange))
  console.log(`AUROC, ${name}: ${auroc(of, normal).toFixed(3)}`);
