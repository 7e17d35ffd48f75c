import { palette } from '../latent/palette.js';
import type { MetricsLine } from '../metrics_line.js';
import type { ChartLibrary } from './chart_library.js';
import { chartGroups } from './curves.js';
import { escapeMarkup as text } from './escape.js';
import { page } from './page.js';
import { curves, keyOf, pathOf, pictures, type Key } from './sections.js';

/** Rows of text, with a column for each run. */
export interface ComparisonTable {
  readonly title: string;
  /** What all of the table is about. */
  readonly note?: string;
  readonly rows: readonly {
    readonly label: string;
    readonly values: readonly string[];
    readonly note?: string | undefined;
  }[];
}

/** What a comparison shows. */
export interface ComparisonData {
  readonly runs: readonly {
    /** Another one for each. */
    readonly name: string;
    readonly metrics: readonly MetricsLine[];
    /** The bytes of the PNG of its samples. */
    readonly samples?: Uint8Array | undefined;
  }[];
  readonly tables: readonly ComparisonTable[];
  /** The options in which the runs differ; last, as they may be many. */
  readonly configuration: ComparisonTable;
}

/** Runs side by side as one HTML page that needs nothing beside it: tables, curves over each other, samples. */
export function renderComparison(
  { runs, tables, configuration }: ComparisonData,
  library: ChartLibrary,
): string {
  const keys = runs.map(({ name }, i): Key => ({ name, colour: `--run-${i}` }));
  const colours = keys.map(({ colour }, i) => `${colour}: ${palette[i % palette.length]!}`);
  const groups = chartGroups(overlaid(runs));
  const title = runs.map(({ name }) => name).join(', ');
  const samples = runs.flatMap(({ name, samples }) =>
    samples ? [{ title: name, png: samples, caption: '' }] : [],
  );
  return page({
    title,
    groups,
    library,
    colourOf: (split) => keys.find(({ name }) => name === split)!.colour,
    style: `:root { ${colours.join('; ')} }`,
    body: [
      `<div class="top"><h1>${text(title)}</h1></div>`,
      ...tables.map((table) => section(table, keys)),
      curves(groups, keys),
      pictures('Samples', samples),
      section(configuration, keys),
    ].join('\n'),
  });
}

/** The lines of all runs, each under its run's name; of what is validated, the validation only. */
function overlaid(runs: ComparisonData['runs']): readonly MetricsLine[] {
  const isValidation = ({ split }: MetricsLine): boolean => split === 'validation';
  const validated = new Set(
    runs.flatMap(({ metrics }) => metrics.filter(isValidation).flatMap(Object.keys)),
  );
  return runs.flatMap(({ name, metrics }) =>
    metrics.map(({ step, split, ...values }) => {
      const shown = Object.entries(values).filter(
        ([metric]) => validated.has(metric) === (split === 'validation'),
      );
      return { ...Object.fromEntries(shown), step, split: name };
    }),
  );
}

function section({ title, note, rows }: ComparisonTable, keys: readonly Key[]): string {
  if (rows.length === 0) return '';
  const noted = rows.some(({ note = '' }) => note !== '');
  const head = keys.map((key) => `<th scope="col">${keyOf(key)}</th>`);
  const lines = rows.map(({ label, values, note = '' }) => {
    // On a narrow page rows are stacked: each value then says of which run it is.
    const cells = values.map(
      (value, i) => `<td class="number">${keyOf(keys[i]!, 'key own')}${text(value)}</td>`,
    );
    const last = noted ? `<td>${text(note)}</td>` : '';
    return `<tr><th scope="row">${pathOf(label)}</th>${cells.join('')}${last}</tr>`;
  });
  const about = note === undefined ? '' : `<p class="soft">${text(note)}</p>`;
  const columns = 1 + keys.length + (noted ? 1 : 0);
  return (
    `<h2>${text(title)}</h2><div class="card wide">${about}` +
    `<table class="runs" style="--columns: ${columns}"><tr><th></th>${head.join('')}${noted ? '<td></td>' : ''}</tr>${lines.join('')}</table></div>`
  );
}
