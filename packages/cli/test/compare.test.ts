import { configDifferences, figureTables, questionsTo, type ComparedRun } from '@elbo/experiments';
import { key, normal } from '@elbo/random';
import type { Evaluation } from '@elbo/report';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from './call.js';
import { objects, small, temporaryFolder } from './command.js';

const evaluation: Evaluation = {
  metric: 'nll',
  title: '',
  options: { rows: 1000, samples: 10, seed: 0 },
  step: 1,
  rows: 1000,
  seconds: 1,
  backend: '',
  versions: {},
  figures: [],
};

/** A run whose rows have these values. */
function side(
  name: string,
  values: readonly number[],
  changes: Partial<Evaluation> = {},
): ComparedRun {
  return {
    name,
    dir: name,
    config: { data: { test: { kind: 'strokes' } } },
    notes: undefined,
    metrics: [],
    evaluations: [{ ...evaluation, perRow: { name: 'nll', values }, ...changes }],
    samples: undefined,
  };
}

const rows = Array.from(normal(key(1), 1000), (value) => 100 + 10 * value);
const better = rows.map((value, i) => value - 0.5 + Math.sin(i));

test('rows in pairs: the mean difference, with the error of differences and not of rows', () => {
  const [asked] = questionsTo([side('a', rows), side('b', better)]);
  const [pair] = asked!.paired;
  expect(pair).toMatchObject({ run: 'b', against: 'a', metric: 'nll', figure: 'nll', rows: 1000 });
  expect(pair!.mean).toBeCloseTo(-0.5, 2);
  // The standard deviation of a sine is √½.
  expect(pair!.error).toBeCloseTo(Math.sqrt(0.5 / 1000), 4);
});

test('other rows, options or data make no pairs', () => {
  const a = side('a', rows);
  const unpaired = (b: ComparedRun): boolean =>
    questionsTo([a, b]).every(({ paired }) => paired.length === 0);
  expect(unpaired(side('b', better.slice(1)))).toBe(true);
  expect(unpaired(side('b', better, { options: { ...evaluation.options, seed: 1 } }))).toBe(true);
  const other = { ...side('b', better), config: { data: { test: { kind: 'mnist' } } } };
  expect(unpaired(other)).toBe(true);
  expect(unpaired({ ...a, name: 'b', evaluations: [{ ...evaluation }] })).toBe(true);
});

test('configurations differ where an option has another value or is missing', () => {
  const config = { model: { kind: 'vae', hidden: [1, 2] }, training: { seed: 1 } };
  expect(configDifferences([{ config }, { config }])).toEqual([]);
  const other = { model: { kind: 'vae', hidden: [1, 3] }, training: { seed: 1, ema: 0.9 } };
  expect(configDifferences([{ config }, { config: other }])).toEqual([
    { path: 'model.hidden', values: ['1, 2', '1, 3'] },
    { path: 'training.ema', values: [undefined, '0.9'] },
  ]);
});

test('what is noted of a figure is said once where runs agree, else of each run by its name', () => {
  const withNote = (name: string, note?: string): ComparedRun => ({
    ...side(name, rows),
    notes: {
      ...{ title: name, images: [], warnings: [], diagnostics: [] },
      headline: [{ label: 'ELBO', value: -98.5, unit: 'nats', note }],
      provenance: { seed: 1, steps: 3, seconds: 90, backend: 'wasm', versions: {} },
    },
  });
  const noteOf = (...sides: ComparedRun[]): string | undefined =>
    figureTables(sides, []).find(({ title }) => title === 'Figures of reports')!.rows[0]!.note;
  const [six, four] = ['1,000 test rows, step 600', '1,000 test rows, step 400'];
  expect(noteOf(withNote('a', six), withNote('b', six))).toBe(six);
  expect(noteOf(withNote('a', six), withNote('b', four))).toBe(`a: ${six}. b: ${four}.`);
  expect(noteOf(withNote('a'), withNote('b', four))).toBe(four);
  expect(noteOf(withNote('a'), withNote('b'))).toBe('');
});

test('compare: text, JSON and a page, of two runs that were measured', async () => {
  const folder = await temporaryFolder();
  const dirs = ['one', 'two'].map((name) => join(folder, name));
  await Promise.all(
    dirs.map(async (out, i) => {
      const seeds = ['--steps', '20', '--seed', String(i), '--out', out];
      expect(await run('train', 'vae', ...small, ...seeds)).toMatchObject({ status: 0 });
      await run('evaluate', out, '--metric', 'nll', '--samples', '50');
    }),
  );
  const out = join(folder, 'compare.html');
  const [text, json, same] = await Promise.all([
    run('compare', ...dirs, '--out', out),
    run('compare', ...dirs, '--json'),
    run('compare', dirs[0]!, dirs[0]!),
  ]);
  expect(text).toMatchObject({ status: 0, stderr: '' });
  expect(text.stdout).toMatch(/training\.seed +0 +1\n/);
  expect(text.stdout).toMatch(/−log p\(x\) less that of one +– +−?\d/);
  expect(await readFile(out, 'utf8')).toContain('−log p(x) less that of one');
  expect(objects(json)).toMatchObject([
    { differences: [{ path: 'training.seed' }], evaluations: [{ metric: 'nll', paired: [{}] }] },
  ]);
  expect(same).toMatchObject({ status: 2 });
});
