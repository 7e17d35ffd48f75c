import {
  formatDuration,
  formatFigure,
  formatValue,
  type ComparisonTable,
  type Figure,
} from '@elbo/report';
import type { ComparedRun } from './compared_run.js';
import type { Difference } from './differences.js';
import type { Asked } from './paired.js';

type Row = ComparisonTable['rows'][number];

const none = '–';

/** What the figures of runs say, as tables with a column for each run. */
export function figureTables(
  sides: readonly ComparedRun[],
  asked: readonly Asked[],
): readonly ComparisonTable[] {
  return [
    { title: 'Runs', rows: facts(sides) },
    { title: 'Figures of reports', rows: headlines(sides) },
    ...asked.map((question) => evaluationTable(sides, question)),
  ].filter(({ rows }) => rows.length > 0);
}

/** Where configurations differ, as a table. */
export function differenceTable(differences: readonly Difference[]): ComparisonTable {
  return {
    title: 'Where configurations differ',
    rows: differences.map(({ path, values }) => ({
      label: path,
      values: values.map((value) => value ?? none),
    })),
  };
}

/** The number of parameters that a model has learned; `undefined` where the run does not say. */
export function parametersOf({ notes }: ComparedRun): number | undefined {
  const parts = notes?.provenance.parameters;
  return parts && Object.values(parts).reduce((a, b) => a + b, 0);
}

function facts(sides: readonly ComparedRun[]): readonly Row[] {
  const row = (label: string, say: (side: ComparedRun) => string | undefined): Row => ({
    label,
    values: sides.map((side) => say(side) ?? none),
  });
  return [
    row('Report', ({ notes }) => notes?.status ?? (notes ? 'there is one' : 'none yet')),
    row('Steps', ({ notes }) => notes && formatValue(notes.provenance.steps)),
    row('Training time', ({ notes }) => notes && formatDuration(notes.provenance.seconds)),
    row('Backend', ({ notes }) => notes?.provenance.backend),
    row('Parameters', (side) => {
      const total = parametersOf(side);
      return total === undefined ? undefined : formatValue(total);
    }),
    ...[
      ...new Set(sides.flatMap(({ notes }) => Object.keys(notes?.provenance.parameters ?? {}))),
    ].map((part) =>
      row(`  of ${part}`, ({ notes }) => {
        const count = notes?.provenance.parameters?.[part];
        return count === undefined ? undefined : formatValue(count);
      }),
    ),
  ];
}

function headlines(sides: readonly ComparedRun[]): readonly Row[] {
  const labels = [
    ...new Set(sides.flatMap(({ notes }) => notes?.headline.map(({ label }) => label) ?? [])),
  ];
  return labels.map((label) => {
    const found = sides.map(({ notes }) => notes?.headline.find((each) => each.label === label));
    return {
      label,
      values: found.map((figure) => (figure ? formatFigure(figure) : none)),
      note: notesOf(
        sides,
        found.map((figure) => figure?.note),
      ),
    };
  });
}

/** What is noted of a figure of several runs: once where they agree, else each by its name. */
function notesOf(sides: readonly ComparedRun[], notes: readonly (string | undefined)[]): string {
  const [note = '', ...others] = new Set(notes.filter((each) => each !== undefined));
  if (others.length === 0) return note;
  return sides.flatMap(({ name }, i) => (notes[i] ? `${name}: ${notes[i]}.` : [])).join(' ');
}

function evaluationTable(
  sides: readonly ComparedRun[],
  { question, answers, paired }: Asked,
): ComparisonTable {
  const names = [
    ...new Set(answers.flatMap((answer) => answer?.figures.map(({ name }) => name) ?? [])),
  ];
  const figureIn = (i: number, name: string): Figure | undefined =>
    answers[i]?.figures.find((figure) => figure.name === name);
  const rows = names.map((name): Row => {
    const figures = sides.map((_, i) => figureIn(i, name));
    const { label = name, note } = figures.find((figure) => figure !== undefined) ?? {};
    return {
      label,
      values: figures.map((figure) => (figure ? formatFigure(figure) : none)),
      note,
    };
  });
  const steps = answers.map((answer) => answer?.step);
  const asked = Object.entries(question.options).map(
    ([name, value]) => `${name} ${formatValue(value)}`,
  );
  return {
    title: question.title,
    note: asked.join(' · '),
    rows: [
      {
        label: 'At step',
        values: steps.map((step) => (step === undefined ? none : formatValue(step))),
      },
      ...rows,
      ...(paired.length === 0 ? [] : [pairedRow(sides, question.figures, paired)]),
    ],
  };
}

function pairedRow(
  sides: readonly ComparedRun[],
  figures: readonly Figure[],
  paired: Asked['paired'],
): Row {
  const { against, figure, rows } = paired[0]!;
  const { label = figure, unit } = figures.find(({ name }) => name === figure) ?? {};
  return {
    label: `${label} less that of ${against}`,
    values: sides.map(({ name }) => {
      const pair = paired.find(({ run }) => run === name);
      return pair ? formatFigure({ value: pair.mean, error: pair.error, unit }) : none;
    }),
    note: `The mean difference on the same ${formatValue(rows)} rows, with its standard error: beyond two of these it is not due to the choice of rows.`,
  };
}
