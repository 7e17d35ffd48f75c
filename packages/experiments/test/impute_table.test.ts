import { subset } from '@elbo/datasets';
import { key } from '@elbo/random';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  imputeTable,
  knownWith,
  loadRun,
  loadRunWithData,
  quiet,
  resolveRecipe,
  trainResolved,
  type ImputedTable,
} from '../src/index.js';
import { rowsInWords } from '../src/reports/rows_in_words.js';
import { inWords } from '../src/use/values.js';

const known = knownWith({});
let folder: string;

/** Rows without gaps first; then one gap, and two. */
const cells = [
  ...Array.from({ length: 30 }, (_, i) => [
    String(i % 7),
    (i / 4 + 0.25).toFixed(2),
    ['red', 'green', 'blue'][i % 3]!,
  ]),
  ['3', '', 'red'],
  ['', '2.25', ''],
];

async function runOn(name: string, options: object): Promise<string> {
  const file = join(folder, `${name}.csv`);
  const lines = [['n', 'size', 'colour'], ...cells].map((row) => row.join(','));
  await writeFile(file, `${lines.join('\n')}\n`);
  const request = { model: 'vae', data: file, steps: 2, batchSize: 4, ...options };
  const resolution = await resolveRecipe(
    { ...request, options: { latent: 2, hidden: [4] } },
    known,
    quiet,
  );
  const out = join(folder, name);
  await trainResolved(resolution, { out }, known, quiet);
  return out;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbo-impute-'));
});

async function imputed(dir: string): Promise<ImputedTable & { readonly total: number }> {
  const run = await loadRun(dir);
  let total = 0;
  const host = {
    ...quiet,
    progress: (of: number) => {
      total = of;
      return quiet.progress(of);
    },
  };
  try {
    return { ...(await imputeTable(run, { draws: 40, seed: 1 }, host)), total };
  } finally {
    run.dispose();
  }
}

describe('a table that a run was trained on', () => {
  it('is filled in where it has gaps, and only there', async () => {
    const found = await imputed(await runOn('plain', {}));
    expect(found.names).toEqual(['n', 'size', 'colour']);
    expect(found.rows.slice(0, 30)).toEqual(cells.slice(0, 30));
    // Two rows are asked of the model.
    expect(found.total).toBe(2);
    expect(found.cells.map(({ row, column }) => [row, column])).toEqual([
      [31, 'size'],
      [32, 'n'],
      [32, 'colour'],
    ]);
    const [size, count, colour] = found.cells;
    expect(found.rows[30]).toEqual(['3', String(size!.value), 'red']);
    expect(found.rows[31]).toEqual([String(count!.value), '2.25', colour!.value]);
    for (const { value, low, high } of [size!, count!]) {
      expect(low!).toBeLessThan(high!);
      expect(low!).toBeLessThanOrEqual(value as number);
      expect(high!).toBeGreaterThanOrEqual(value as number);
    }
    expect(Number.isInteger(count!.value)).toBe(true);
    expect(['red', 'green', 'blue']).toContain(colour!.value);
    // The likeliest of three.
    expect(colour!.probability).toBeGreaterThanOrEqual(1 / 3);
    // A model that has hardly been trained has a posterior near the prior, which any proposal finds.
    expect(found.poorRows).toBe(0);
  });

  it('shows what is missing as a dash', async () => {
    const run = await loadRunWithData(await runOn('shown', {}));
    try {
      const { model, params, sets } = run;
      const every = Uint32Array.from({ length: sets.train.size }, (_, i) => i);
      const { x: values } = await sets.train.read(every, key(1));
      const words = inWords({ ...sets.train, values })!;
      const broken = words.rows.flatMap((row, i) => (row.includes('') ? [i] : []));
      const some = [0, ...broken];
      const shown = await rowsInWords({
        model,
        params,
        step: 1,
        seed: 1,
        test: subset(sets.train, some),
      });
      expect(shown.at(-1)!.rows).toEqual(
        some.map((i) => words.rows[i]!.map((cell) => (cell === '' ? '–' : String(cell)))),
      );
      expect(broken.length).toBeGreaterThan(0);
    } finally {
      run.dispose();
    }
  });

  it('has the words of a column that is said to be a category', async () => {
    const found = await imputed(
      await runOn('category', { reading: { columns: { n: 'category' } } }),
    );
    expect(found.cells.map(({ column }) => column)).toEqual(['size', 'n', 'colour']);
    expect(['0', '1', '2', '3', '4', '5', '6']).toContain(found.cells[1]!.value);
  });
});
