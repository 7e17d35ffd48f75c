// Missing values: a fifth of the cells of real tables is hidden, and filled in from what is left, by a model and by simpler ways.
import { selectBackend } from '@elbo/backends';
import {
  decodeTable,
  describeSets,
  fromTable,
  heldOut,
  type Cell,
  type Field,
} from '@elbo/datasets';
import { impute } from '@elbo/evaluation';
import { iwaeRecipe } from '@elbo/iwae';
import { adam } from '@elbo/optimisers';
import { fold, key, uniform } from '@elbo/random';
import { toBatch, train } from '@elbo/training';
import { readFile } from 'node:fs/promises';
import { fileOfPackage } from './lib/npm_data.ts';
import { numbers } from './lib/options.ts';
import { said } from './lib/seeds.ts';
import { byMean, byNeighbours, type Impute } from './lib/simple_imputation.ts';

const { steps, seeds, rows: most } = numbers({ steps: 3000, seeds: 5, rows: 4000 });
const hiddenShare = 0.2;
await selectBackend();

/** Tables of npm's vega-datasets (BSD-3-Clause): Palmer penguins (Horst et al. 2020, CC0), and films. What names or dates is left out. */
const tables = {
  penguins: [
    'Species',
    'Island',
    'Beak Length (mm)',
    'Beak Depth (mm)',
    'Flipper Length (mm)',
    'Body Mass (g)',
    'Sex',
  ],
  movies: [
    'US Gross',
    'Worldwide Gross',
    'Production Budget',
    'MPAA Rating',
    'Running Time min',
    'Source',
    'Major Genre',
    'Creative Type',
    'Rotten Tomatoes Rating',
    'IMDB Rating',
    'IMDB Votes',
  ],
};

async function cellsOf(name: keyof typeof tables): Promise<readonly (readonly Cell[])[]> {
  const path = await fileOfPackage('vega-datasets', '2.11.0', `data/${name}.json`);
  const records = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>[];
  const every = Math.ceil(records.length / most);
  return records
    .filter((_, row) => row % every === 0)
    .map((record) =>
      tables[name].map((column) => {
        const value = record[column] ?? null;
        // Amounts of money and of votes go over six orders of magnitude: their logarithms are modelled.
        const isAmount = /Gross|Budget|Votes/.test(column) && typeof value === 'number';
        return value === null || value === '.'
          ? null
          : String(isAmount ? Math.log10(value + 1).toFixed(4) : value);
      }),
    );
}

/** A model of what is left, and what it makes of each row: means, and the probabilities of categories. */
async function byModel(
  names: readonly string[],
  rows: readonly (readonly Cell[])[],
  fields: readonly Field[],
  seed: number,
): Promise<Impute> {
  const data = fromTable({ names, rows }, { found: { fields } });
  const { train: some, validation } = heldOut(data, { validation: 0.1, seed });
  const traits = await describeSets({ train: some, validation, test: validation });
  const options = { latent: 10, hidden: [128, 128], samples: 20 };
  const { model } = iwaeRecipe.build(traits, options, { steps, batchSize: 64 });
  const run = train(model, some, {
    steps,
    batchSize: 64,
    seed,
    primal: adam(1e-3),
    validate: { data: validation, every: 50 },
    early: { patience: 6 },
  });
  for await (const { step } of run)
    if (step % 1000 === 0) console.log(`  seed ${seed}: step ${step}`);
  const { params } = run.take();
  const all = Uint32Array.from(rows, (_, row) => row);
  const columns: (number | string | null)[][] = fields.map(() => []);
  for (let first = 0; first < all.length; first += 256) {
    const batch = toBatch(
      await data.read(all.slice(first, first + 256), key(0)),
      data.shape,
      data.name,
    );
    const { mean } = await impute(model, params.primal, batch, {
      key: fold(key(seed), first),
      samples: 1000,
    });
    decodeTable(fields, mean).forEach((cells, f) => columns[f]!.push(...cells));
    batch.x.dispose();
  }
  return (row, field) => columns[field]![row]!;
}

/** Root mean square error of numbers in standard deviations, averaged over their columns; and the share of categories that are wrong. */
function errorsOf(
  fields: readonly Field[],
  truth: readonly (readonly Cell[])[],
  hidden: readonly (readonly boolean[])[],
  fill: Impute,
): { readonly numbers: number; readonly categories: number } {
  const numbersFound: number[] = [];
  let [wrong, categories] = [0, 0];
  fields.forEach((field, f) => {
    const rows = hidden.flatMap((row, i) => (row[f] ? [i] : []));
    if (field.type === 'category') {
      categories += rows.length;
      wrong += rows.filter((row) => fill(row, f) !== truth[row]![f]).length;
      return;
    }
    const values = truth.flatMap((row) => (row[f] === null ? [] : [Number(row[f])]));
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
    const squares = rows.map((row) => (Number(fill(row, f)) - Number(truth[row]![f])) ** 2);
    numbersFound.push(Math.sqrt(squares.reduce((a, b) => a + b, 0) / rows.length / variance));
  });
  return {
    numbers: numbersFound.reduce((a, b) => a + b, 0) / numbersFound.length,
    categories: wrong / categories,
  };
}

for (const name of Object.keys(tables) as (keyof typeof tables)[]) {
  const all = await cellsOf(name);
  // What columns are is told from all cells, those of them that vary; what is filled in, from what is left.
  const { fields } = fromTable(
    { names: tables[name], rows: all },
    { columns: Object.fromEntries(tables[name].map((column) => [column, '?'])) },
  );
  const names = fields.map((field) => field.name);
  const truth = all.map((row) => names.map((column) => row[tables[name].indexOf(column)]!));
  const found: Record<string, { numbers: number; categories: number }[]> = {};
  for (let seed = 1; seed <= seeds; seed++) {
    const chances = uniform(fold(key(seed), name), truth.length * names.length);
    const hidden = truth.map((row, i) =>
      row.map((cell, f) => cell !== null && chances[i * names.length + f]! < hiddenShare),
    );
    const left = truth.map((row, i) => row.map((cell, f) => (hidden[i]![f] ? null : cell)));
    const columns = fields.map((_, f) => left.map((row) => row[f]!));
    const ways = {
      'mean or most common': byMean(fields, columns),
      'five nearest neighbours': byNeighbours(fields, columns),
      'model (MIWAE)': await byModel(names, left, fields, seed),
    };
    for (const [way, fill] of Object.entries(ways))
      (found[way] ??= []).push(errorsOf(fields, truth, hidden, fill));
  }
  console.log(
    `${name}: ${truth.length} rows, ${hiddenShare * 100} % of cells hidden, ${seeds} seeds`,
  );
  for (const [way, errors] of Object.entries(found))
    console.log(
      `  ${way.padEnd(24)} numbers ${said(errors.map((error) => error.numbers))} sd   categories ${said(errors.map((error) => error.categories))} wrong`,
    );
}
