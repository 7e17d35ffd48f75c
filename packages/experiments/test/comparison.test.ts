import type { Evaluation } from '@elbo/report';
import { describe, expect, it } from 'vitest';
import type { ComparedRun } from '../src/comparison/compared_run.js';
import { configDifferences } from '../src/comparison/differences.js';
import { questionsTo } from '../src/comparison/paired.js';
import { differenceTable, figureTables, parametersOf } from '../src/comparison/tables.js';

const evaluation = (metric: string, more: Partial<Evaluation> = {}): Evaluation => ({
  metric,
  title: `The ${metric}`,
  options: { rows: 3, seed: 0 },
  step: 10,
  rows: 3,
  seconds: 1,
  backend: 'cpu 1',
  versions: {},
  figures: [
    {
      name: metric,
      value: -5,
      error: 0.5,
      label: `Its ${metric}`,
      unit: 'nats',
      note: 'higher is better',
    },
  ],
  ...more,
});
const side = (
  name: string,
  evaluations: readonly Evaluation[],
  more: Partial<ComparedRun> = {},
): ComparedRun => ({
  name,
  dir: `runs/${name}`,
  config: { data: { test: { kind: 'ring', size: 3 } }, training: { steps: 10 } },
  notes: undefined,
  metrics: [],
  evaluations,
  samples: undefined,
  ...more,
});
const rows = (...values: readonly number[]): Partial<Evaluation> => ({
  perRow: { name: 'elbo', values },
});

describe('evaluations of runs', () => {
  it('of one question are together, and paired row by row with the first that has rows', () => {
    const sides = [
      side('none', [evaluation('elbo')]),
      side('first', [evaluation('nll'), evaluation('elbo', rows(1, 2, 3))]),
      side('later', [evaluation('elbo', rows(2, 4, 6))]),
    ];
    const asked = questionsTo(sides);
    expect(asked.map(({ question }) => question.metric)).toEqual(['elbo', 'nll']);
    expect(asked[0]!.answers.map((answer) => answer !== undefined)).toEqual([true, true, true]);
    expect(asked[1]!.answers.map((answer) => answer !== undefined)).toEqual([false, true, false]);
    // 1, 2 and 3 more: a mean of 2, whose error is 1/√3.
    expect(asked[0]!.paired).toEqual([
      {
        run: 'later',
        against: 'first',
        metric: 'elbo',
        figure: 'elbo',
        rows: 3,
        mean: 2,
        error: expect.closeTo(1 / Math.sqrt(3), 12) as number,
      },
    ]);
    expect(asked[1]!.paired).toEqual([]);
  });

  it('of other options are another question, and other rows are no pairs', () => {
    const other = evaluation('elbo', { options: { rows: 3, seed: 1 } });
    expect(questionsTo([side('a', [evaluation('elbo')]), side('b', [other])])).toHaveLength(2);
    const first = side('a', [evaluation('elbo', rows(1, 2, 3))]);
    for (const second of [
      side('b', [evaluation('elbo', rows(1, 2))]),
      side('b', [evaluation('elbo', rows(1, 2, 3))], {
        config: { data: { test: { kind: 'ring', size: 4 } } },
      }),
      side('b', [evaluation('elbo', rows(1, 2, 3))], { config: {} }),
    ])
      expect(questionsTo([first, second])[0]!.paired).toEqual([]);
    // Nothing is known of either's rows.
    const unknown = { config: {} };
    const pair = ['a', 'b'].map((name) => side(name, [evaluation('elbo', rows(1, 2, 3))], unknown));
    expect(questionsTo(pair)[0]!.paired).toEqual([]);
  });

  it('differ in the options that are not the same in all', () => {
    const found = configDifferences([
      { config: { a: 1, b: { c: [1, 2], d: 'x' } } },
      { config: { a: 1, b: { c: [1, 3] }, e: true } },
    ]);
    expect(found).toEqual([
      { path: 'b.c', values: ['1, 2', '1, 3'] },
      { path: 'b.d', values: ['x', undefined] },
      { path: 'e', values: [undefined, 'true'] },
    ]);
    expect(differenceTable(found).rows.map(({ values }) => values)).toEqual([
      ['1, 2', '1, 3'],
      ['x', '–'],
      ['–', 'true'],
    ]);
  });
});

describe('the tables', () => {
  const notes = {
    title: 'one',
    status: 'finished',
    headline: [{ label: 'ELBO', value: -3, unit: 'nats', note: 'of 3 rows' }],
    images: [],
    warnings: [],
    diagnostics: [],
    provenance: {
      seed: 0,
      steps: 1200,
      seconds: 65,
      backend: 'cpu 1',
      versions: {},
      parameters: { encoder: 1000, decoder: 234 },
    },
  };

  it('say what runs are, and what each reported', () => {
    const [facts, headlines] = figureTables([side('a', [], { notes }), side('b', [])], []);
    expect(facts!.rows.map(({ label, values }) => [label, ...values])).toEqual([
      ['Report', 'finished', 'none yet'],
      ['Steps', '1,200', '–'],
      ['Training time', '1 min 5 s', '–'],
      ['Backend', 'cpu 1', '–'],
      ['Parameters', '1,234', '–'],
      ['  of encoder', '1,000', '–'],
      ['  of decoder', '234', '–'],
    ]);
    expect(headlines!.rows).toEqual([
      { label: 'ELBO', values: ['−3 nats', '–'], note: 'of 3 rows' },
    ]);
    expect(parametersOf(side('a', [], { notes }))).toBe(1234);
    expect(parametersOf(side('b', []))).toBeUndefined();
    // Without figures there is no table of them.
    expect(figureTables([side('b', [])], []).map(({ title }) => title)).toEqual(['Runs']);
    const table = figureTables([side('a', [], { notes: { ...notes, status: undefined } })], [])[0]!;
    expect(table.rows[0]!.values).toEqual(['there is one']);
  });

  it('note a figure once where runs agree, else by their names', () => {
    const noted = (note: string) => ({ ...notes, headline: [{ label: 'ELBO', value: -3, note }] });
    const noteOf = (a: string, b: string): unknown =>
      figureTables([side('a', [], { notes: noted(a) }), side('b', [], { notes: noted(b) })], [])[1]!
        .rows[0]!.note;
    expect(noteOf('same', 'same')).toBe('same');
    expect(noteOf('one', 'two')).toBe('a: one. b: two.');
  });

  it('give each question a table: its options, steps, figures, and pairs', () => {
    const sides = [
      side('first', [evaluation('elbo', rows(1, 2, 3))]),
      side('silent', []),
      side('later', [evaluation('elbo', { ...rows(2, 4, 6), step: 20 })]),
    ];
    const table = figureTables(sides, questionsTo(sides)).at(-1)!;
    expect([table.title, table.note]).toEqual(['The elbo', 'rows 3 · seed 0']);
    expect(table.rows.map(({ label, values }) => [label, ...values])).toEqual([
      ['At step', '10', '–', '20'],
      ['Its elbo', '−5.00 ± 0.50 nats', '–', '−5.00 ± 0.50 nats'],
      ['Its elbo less that of first', '–', '–', '2.00 ± 0.58 nats'],
    ]);
    expect(table.rows[1]!.note).toBe('higher is better');
    expect(table.rows[2]!.note).toContain('the same 3 rows');
    // One run has no pairs.
    expect(figureTables([sides[0]!], questionsTo([sides[0]!])).at(-1)!.rows).toHaveLength(2);
  });
});
