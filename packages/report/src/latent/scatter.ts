import { NumericalError, ShapeError } from '@elbo/core';
import { escapeMarkup } from '../pages/escape.js';
import { axis, type Axis } from './axis.js';
import { palette, unlabelled } from './palette.js';
import { pca } from './pca.js';

/** Points of a latent space to draw. */
export interface ScatterOptions {
  /** Latent codes, [n, dims] flattened. */
  readonly points: Float32Array;
  /** Z, at least 2; more than two are seen along their first two principal components. */
  readonly dims: number;
  /** A class for each point, a whole number from 0; −1 where it is unknown. */
  readonly labels?: ArrayLike<number>;
  /** What to call each class, by default its number. */
  readonly names?: readonly string[];
  /** What the points are, for the picture's title. */
  readonly title?: string;
}

const width = 720;
const height = 560;
const plot = { left: 58, right: 600, top: 16, bottom: 506 };

// The same on light, dark and paper: what a picture in a page inherits of these differs by browser.
const style = `
  text { font: 13px system-ui, sans-serif; fill: #6f7b8a }
  .grid { stroke: #8a8f98; stroke-opacity: .25 }
  .points { fill: none; stroke-width: 5; stroke-linecap: round; stroke-opacity: .75 }
  .name { font-weight: 700; font-size: 17px; fill: #111827; stroke: #fff; stroke-width: 4; paint-order: stroke; text-anchor: middle; dominant-baseline: central }`;

interface Group {
  readonly name: string;
  readonly colour: string;
  readonly rows: readonly number[];
}

function groupsOf({ labels, names = [] }: ScatterOptions, n: number): readonly Group[] {
  const rows = new Map<number, number[]>();
  for (let row = 0; row < n; row++) {
    const label = labels?.[row] ?? -1;
    const group = rows.get(label);
    if (group) group.push(row);
    else rows.set(label, [row]);
  }
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([label, rows]) => ({
      name: label < 0 ? 'unknown' : (names[label] ?? String(label)),
      colour: label < 0 ? unlabelled : palette[label % palette.length]!,
      rows,
    }));
}

interface Seen {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly axes: readonly [string, string];
}

function seen({ points, dims }: ScatterOptions): Seen {
  const column = (values: ArrayLike<number>, c: number) =>
    Float64Array.from({ length: values.length / 2 }, (_, i) => values[2 * i + c]!);
  if (dims === 2) return { x: column(points, 0), y: column(points, 1), axes: ['z₁', 'z₂'] };
  const { points: flat, explained } = pca(points, { dims });
  const title = (i: number) =>
    `principal component ${i + 1} of z (PCA, ${(100 * explained[i]!).toFixed(0)} % of the variance of ${dims} dimensions)`;
  return { x: column(flat, 0), y: column(flat, 1), axes: [title(0), title(1)] };
}

/** Axes of one scale, so that a circle of latent space is drawn as a circle. */
function axesOf({ x, y }: Seen): readonly [Axis, Axis] {
  const span = (values: Float64Array) => {
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    return { middle: (low + high) / 2, size: high - low };
  };
  const [sx, sy] = [span(x), span(y)];
  const [w, h] = [plot.right - plot.left, plot.bottom - plot.top];
  const unit = 1.06 * Math.max(sx.size / w, sy.size / h) || 1 / w;
  return [
    axis(sx.middle - (unit * w) / 2, sx.middle + (unit * w) / 2, plot.left, plot.right),
    axis(sy.middle - (unit * h) / 2, sy.middle + (unit * h) / 2, plot.bottom, plot.top),
  ];
}

function frame([across, up]: readonly [Axis, Axis], [xTitle, yTitle]: Seen['axes']): string {
  const middle = (plot.top + plot.bottom) / 2;
  const vertical = across.ticks.map((tick) => {
    const x = across.at(tick).toFixed(1);
    return (
      `<path class="grid" d="M${x} ${plot.top}V${plot.bottom}"/>` +
      `<text x="${x}" y="${plot.bottom + 18}" text-anchor="middle">${across.label(tick)}</text>`
    );
  });
  const horizontal = up.ticks.map((tick) => {
    const y = up.at(tick).toFixed(1);
    return (
      `<path class="grid" d="M${plot.left} ${y}H${plot.right}"/>` +
      `<text x="${plot.left - 8}" y="${y}" text-anchor="end" dominant-baseline="central">${up.label(tick)}</text>`
    );
  });
  return [
    ...vertical,
    ...horizontal,
    `<text x="${(plot.left + plot.right) / 2}" y="${height - 14}" text-anchor="middle">${xTitle}</text>`,
    `<text transform="translate(14 ${middle}) rotate(-90)" text-anchor="middle">${yTitle}</text>`,
  ].join('\n');
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function drawGroup({ name, colour, rows }: Group, line: number, x: number[], y: number[]): string {
  const text = escapeMarkup(name);
  // Zero-length strokes with round caps: a tenth of the bytes of as many circles.
  const dots = rows.map((row) => `M${x[row]!.toFixed(1)} ${y[row]!.toFixed(1)}h0`).join('');
  const top = plot.top + 10 + 21 * line;
  return (
    `<path class="points" stroke="${colour}" d="${dots}"/>\n` +
    `<circle cx="${plot.right + 22}" cy="${top}" r="5" fill="${colour}"/>` +
    `<text x="${plot.right + 34}" y="${top}" dominant-baseline="central">${text}</text>`
  );
}

/**
 * A map of latent codes as an SVG file: a point each, coloured by class, in a palette that is safe for
 * colour-blind readers and with each class named at the median of its points. Two dimensions are drawn
 * as they are; more, along their first two principal components, and the axes say so.
 *
 * @throws ShapeError when the values are no points; NumericalError when one is not finite.
 */
export function scatterSvg(options: ScatterOptions): string {
  const { points, dims, title = 'Latent codes' } = options;
  const n = points.length / dims;
  if (!Number.isInteger(n) || n < 1 || dims < 2) {
    throw new ShapeError(
      `${points.length} values do not make points of ${dims} dimensions; a latent map needs at least 2.`,
    );
  }
  const bad = points.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new NumericalError(
      `Latent code ${Math.floor(bad / dims)} is not finite: find out where the model diverged.`,
    );
  }
  const view = seen(options);
  const axes = axesOf(view);
  const x = Array.from(view.x, (value) => axes[0].at(value));
  const y = Array.from(view.y, (value) => axes[1].at(value));
  const groups = groupsOf(options, n);
  const named = options.labels
    ? groups.map(({ name, rows }) => {
        const at = [x, y].map((values) => median(rows.map((row) => values[row]!)).toFixed(1));
        return `<text class="name" x="${at[0]!}" y="${at[1]!}">${escapeMarkup(name)}</text>`;
      })
    : [];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${style}\n</style>`,
    frame(axes, view.axes),
    ...groups.map((group, line) => drawGroup(group, line, x, y)),
    ...named,
    '</svg>\n',
  ].join('\n');
}
