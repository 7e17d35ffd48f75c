import type { ReportData, ReportImage, ReportRows } from '../data.js';
import type { Evaluation } from '../evaluation.js';
import { flattenConfig, formatDuration, formatFigure, formatValue } from '../format.js';
import { base64 } from './base64.js';
import type { ChartGroup } from './curves.js';
import { escapeMarkup as text, unescapeMarkup } from './escape.js';

const dataUri = (type: string, bytes: Uint8Array): string => `data:${type};base64,${base64(bytes)}`;

/** Title, status and command line. */
export function heading({ title, status, command }: ReportData): string {
  const chip = status === undefined ? '' : `<span class="status">${text(status)}</span>`;
  const line = command === undefined ? '' : `<p class="command"><code>${text(command)}</code></p>`;
  return `<div class="top"><h1>${text(title)}</h1>${chip}</div>${line}`;
}

/** The figures to read first. */
export function headline({ headline }: ReportData): string {
  if (headline.length === 0) return '';
  const figures = headline.map(({ label, value, unit, note }) => {
    const suffix =
      unit === undefined || Number.isNaN(value) ? '' : `<span class="unit">${text(unit)}</span>`;
    const below = note === undefined ? '' : `<p class="soft">${text(note)}</p>`;
    const figure = `<p class="value">${text(formatValue(value))}${suffix}</p>`;
    return `<div class="card figure"><p class="soft">${text(label)}</p>${figure}${below}</div>`;
  });
  return `<section class="figures" aria-label="Figures">${figures.join('')}</section>`;
}

/** Warnings, before anything that they put in doubt. */
export function warnings({ warnings }: ReportData): string {
  if (warnings.length === 0) return '';
  return `<ul class="warnings" aria-label="Warnings">${warnings.map((w) => `<li>${text(w)}</li>`).join('')}</ul>`;
}

/** A colour with a name. */
export interface Key {
  readonly name: string;
  /** A custom property of CSS. */
  readonly colour: string;
}

/** A name with its colour. */
export function keyOf({ name, colour }: Key, className = 'key'): string {
  return `<span class="${className}" style="--colour: var(${colour})">${text(name)}</span>`;
}

const tools = (keys: readonly Key[]): string => `<div class="tools">
${keys.map((key) => keyOf(key)).join('\n')}
<label>Smoothing <input type="range" id="smoothing" min="0" max="98" value="0"></label>
<label><input type="checkbox" id="log-steps"> Logarithmic steps</label>
<label><input type="checkbox" id="trim" checked> Hide early extremes</label>
<span>Drag to zoom, double-click to see all</span>
</div>`;

/** The curves; the page's script draws them into the empty boxes, in this order. */
export function curves(
  groups: readonly ChartGroup[],
  keys: readonly Key[],
  stage?: ReportData['stage'],
): string {
  const title = '<h2 id="curves">Curves</h2>';
  if (groups.length === 0) {
    const why =
      stage === 'training'
        ? 'No metrics yet: the first are still to come.'
        : 'No metrics were recorded: the run ended before its first report.';
    return `${title}<p class="card soft">${why}</p>`;
  }
  const boxes = groups.map(({ title, charts }) => {
    const cards = charts.map(
      ({ title, note }) =>
        `<div class="card chart"><header><h3>${text(title)}</h3><span class="now"></span></header>` +
        `<div class="canvas"></div><p class="soft">${text(note)}</p></div>`,
    );
    return `<p class="group">${title}</p><div class="charts">${cards.join('')}</div>`;
  });
  const without = '<noscript><p class="soft">The curves need JavaScript.</p></noscript>';
  return `${title}${tools(keys)}${without}${boxes.join('')}`;
}

/** Samples, reconstructions and the like. */
export function pictures(title: string, images: readonly ReportImage[]): string {
  if (images.length === 0) return '';
  const figures = images.map(
    ({ title, png, caption }) =>
      `<figure class="card"><h3>${text(title)}</h3><img src="${dataUri('image/png', png)}" alt="${text(title)}">` +
      `<figcaption class="soft">${text(caption)}</figcaption></figure>`,
  );
  return `<h2 id="pictures">${text(title)}</h2><div class="pictures">${figures.join('')}</div>`;
}

/** Samples and the like that are no images: a table of rows, or texts side by side. */
export function samplesOf({ rows = [] }: ReportData): string {
  if (rows.length === 0) return '';
  const cards = rows.map(
    ({ title, caption, ...shown }) =>
      `<div class="card"><h3>${text(title)}</h3>${shown.names.length > 0 ? rowsOf(shown) : textsOf(shown)}` +
      `<p class="soft">${text(caption)}</p></div>`,
  );
  return `<h2 id="samples">Samples and rows</h2><div class="stack">${cards.join('')}</div>`;
}

const textsOf = ({ rows }: Pick<ReportRows, 'rows'>): string =>
  `<p class="texts">${rows.map((line) => `<span>${text(line.join(' '))}</span>`).join(' ')}</p>`;

/** A table whose cells know the name of their column, for a screen on which they stand below each other. */
function rowsOf({ names, rows }: Pick<ReportRows, 'names' | 'rows'>): string {
  const head = names.map((name) => `<th scope="col">${text(name)}</th>`).join('');
  const lines = rows.map((line) => {
    const cells = line.map(
      (cell, i) => `<td data-name="${text(names[i] ?? '')}">${text(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="wide"><table class="rows"><tr>${head}</tr>${lines.join('')}</table></div>`;
}

/** The latent map, as an image: whatever the SVG holds, no script in it runs. */
export function latentMap({ latent }: ReportData): string {
  if (latent === undefined) return '';
  const source = dataUri('image/svg+xml', new TextEncoder().encode(latent));
  const picture = `<img class="map" src="${source}" alt="Latent map">`;
  // What the points are stands in the picture's title, which no image shows.
  const [, title] = /<title>([^<>]+)<\/title>/.exec(latent) ?? [];
  const caption =
    title === undefined
      ? ''
      : `<figcaption class="soft">${text(unescapeMarkup(title))}.</figcaption>`;
  return `<h2 id="latent">Latent map</h2><figure class="card">${picture}${caption}</figure>`;
}

/** What was measured after training, each with how it was. */
export function evaluations({ evaluations, provenance }: ReportData): string {
  if (evaluations.length === 0) return '';
  const cards = evaluations.map(({ title, figures, ...how }) => {
    const rows = figures.map(
      ({ label, note = '', ...figure }) =>
        `<tr><th scope="row">${text(label)}</th><td class="number">${text(formatFigure(figure))}</td><td>${text(note)}</td></tr>`,
    );
    return (
      `<div class="card"><h3>${text(title)}</h3><p class="soft">${text(circumstances(how, provenance.steps))}</p>` +
      `<table class="notes">${rows.join('')}</table></div>`
    );
  });
  return `<h2 id="evaluations">Evaluations</h2><div class="stack">${cards.join('')}</div>`;
}

/** How an evaluation was made, in a line. */
function circumstances(
  { rows, step, options, seconds, backend }: Omit<Evaluation, 'title' | 'figures'>,
  last: number,
): string {
  const asked = Object.entries(options)
    .filter(([name]) => name !== 'rows')
    .map(([name, value]) => `${name} ${formatValue(value)}`);
  return [
    `${formatValue(rows)} rows`,
    `step ${formatValue(step)}${step < last ? `, before it was trained to ${formatValue(last)}` : ''}`,
    ...asked,
    formatDuration(seconds),
    backend,
  ].join(' · ');
}

/** Measurements of how far to trust the others. */
export function diagnostics({ diagnostics }: ReportData): string {
  if (diagnostics.length === 0) return '';
  const rows = diagnostics.map(
    ({ label, value, note }) =>
      `<tr><th scope="row">${text(label)}</th><td class="number">${text(formatValue(value))}</td><td>${text(note)}</td></tr>`,
  );
  return `<h2 id="diagnostics">Diagnostics</h2><div class="card"><table class="notes">${rows.join('')}</table></div>`;
}

/** A dotted path, which is broken at its dots where it does not fit. */
export function pathOf(path: string): string {
  return text(path).replaceAll('.', '.<wbr>');
}

function table(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(
    ([name, value]) => `<tr><th scope="row">${pathOf(name)}</th><td>${text(value)}</td></tr>`,
  );
  return `<table>${lines.join('')}</table>`;
}

/** The configuration, and where the numbers come from. */
export function origin({ config, provenance }: ReportData): string {
  const { seed, steps, seconds, backend, versions, parameters = {} } = provenance;
  const counts = Object.entries(parameters).map(([part, n]) => `${part} ${formatValue(n)}`);
  const facts = table([
    ['Seed', String(seed)],
    ['Steps', formatValue(steps)],
    ['Training time', formatDuration(seconds)],
    ['Backend', backend],
    ...(counts.length > 0 ? [['Parameters', counts.join(', ')] as const] : []),
    ...Object.entries(versions),
  ]);
  const json = text(JSON.stringify(config, null, 2));
  const whole = `<details><summary>As JSON</summary><pre>${json}</pre></details>`;
  return (
    '<h2 id="origin">Configuration and provenance</h2><div class="halves">' +
    `<div class="card"><h3>Configuration</h3>${table(flattenConfig(config))}${whole}</div>` +
    `<div class="card"><h3>Provenance</h3>${facts}</div></div>`
  );
}
