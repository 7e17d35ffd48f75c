// How near AVB came on the way, and where its draws lie.
import type { Points } from '@elbo/evaluation';
import { dim } from './posterior.js';

/** KL in nats at a step. */
export interface Point {
  readonly step: number;
  readonly kl: number;
}

/** (μ, τ). */
export type Pair = readonly [number, number];

type Range = readonly [number, number];

/** So many pairs are shown. */
const shown = 3000;

/** The first points' (μ, τ). */
export const pairsOf = ({ values }: Points): readonly Pair[] =>
  Array.from({ length: shown }, (_, row) => [values[row * dim]!, values[row * dim + 1]!]);

const plot = { width: 300, height: 260, left: 52, top: 34, gap: 24 };
const style =
  'text { font: 12px system-ui, sans-serif; fill: #6f7b8a } .frame { fill: none; stroke: #8a8f98; stroke-opacity: .4 } .grid { stroke: #8a8f98; stroke-opacity: .25 } .line { fill: none; stroke: #2f6fb3; stroke-width: 1.5; stroke-opacity: .8 } .level { stroke: #d9822b; stroke-width: 1.5; stroke-dasharray: 5 4 } .points { fill: none; stroke: #2f6fb3; stroke-width: 2; stroke-linecap: round; stroke-opacity: .45 }';

const svg = (width: number, height: number, title: string, parts: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}">`,
    `<title>${title}</title>`,
    `<style>${style}</style>`,
    ...parts,
    '</svg>',
  ].join('\n');

/** From a value to a place between `from` and `to`. */
const scale =
  ([low, high]: Range, from: number, to: number) =>
  (value: number): string =>
    (from + ((value - low) / (high - low)) * (to - from)).toFixed(1);

/**
 * KL over iterations.
 *
 * @param levels By name, values that stay.
 */
export function drawCurves(
  curves: readonly (readonly Point[])[],
  levels: Readonly<Record<string, number>>,
): string {
  const [width, height] = [560, 340];
  const box = { left: 52, right: 540, top: 14, bottom: 296 };
  const last = Math.max(...curves.flat().map(({ step }) => step));
  const top = 2;
  const x = scale([0, last], box.left, box.right);
  const y = scale([0, top], box.bottom, box.top);
  const seen = (curve: readonly Point[]): readonly Point[] => curve.filter(({ kl }) => kl <= top);
  return svg(width, height, 'KL(q, posterior) in nats over iterations', [
    ...[0, 0.5, 1, 1.5, 2].map(
      (value) =>
        `<line class="grid" x1="${box.left}" x2="${box.right}" y1="${y(value)}" y2="${y(value)}"/><text x="${box.left - 8}" y="${y(value)}" dy="4" text-anchor="end">${value}</text>`,
    ),
    ...[0, 0.25, 0.5, 0.75, 1].map(
      (share) =>
        `<text x="${x(share * last)}" y="${box.bottom + 18}" text-anchor="middle">${share * last}</text>`,
    ),
    `<text x="${(box.left + box.right) / 2}" y="${box.bottom + 36}" text-anchor="middle">iterations</text>`,
    ...Object.entries(levels).map(
      ([name, value]) =>
        `<line class="level" x1="${box.left}" x2="${box.right}" y1="${y(value)}" y2="${y(value)}"/><text x="${box.right}" y="${y(value)}" dy="-5" text-anchor="end">${name}</text>`,
    ),
    ...curves.map(
      (curve) =>
        `<polyline class="line" points="${seen(curve)
          .map(({ step, kl }) => `${x(step)},${y(kl)}`)
          .join(' ')}"/>`,
    ),
  ]);
}

/** Panels of (μ, τ), side by side on the same axes. */
export function drawPairs(
  panels: readonly { readonly title: string; readonly pairs: readonly Pair[] }[],
): string {
  const mu: Range = [-0.6, 2.2];
  const tau: Range = [-2.6, 2.6];
  const [x, y] = [scale(mu, 0, plot.width), scale(tau, plot.height, 0)];
  const inside = ([m, t]: Pair): boolean => m > mu[0] && m < mu[1] && t > tau[0] && t < tau[1];
  const width = plot.left + panels.length * (plot.width + plot.gap);
  return svg(width, plot.top + plot.height + 48, 'Draws of (μ, τ)', [
    ...panels.map(({ title, pairs }, i) =>
      [
        `<g transform="translate(${plot.left + i * (plot.width + plot.gap)} ${plot.top})">`,
        `<text y="-10">${title}</text>`,
        `<rect class="frame" width="${plot.width}" height="${plot.height}"/>`,
        `<line class="grid" x1="0" x2="${plot.width}" y1="${y(0)}" y2="${y(0)}"/>`,
        `<path class="points" d="${pairs
          .filter(inside)
          .map(([m, t]) => `M${x(m)} ${y(t)}h0`)
          .join('')}"/>`,
        ...[0, 1, 2].map(
          (value) =>
            `<text x="${x(value)}" y="${plot.height + 18}" text-anchor="middle">${value}</text>`,
        ),
        ...(i === 0 ? [-2, -1, 0, 1, 2] : []).map(
          (value) =>
            `<text x="-8" y="${y(value)}" dy="4" text-anchor="end">${String(value).replace('-', '−')}</text>`,
        ),
        `<text x="${plot.width / 2}" y="${plot.height + 36}" text-anchor="middle">μ</text>`,
        ...(i === 0 ? [`<text x="-36" y="${plot.height / 2}">τ</text>`] : []),
        '</g>',
      ].join('\n'),
    ),
  ]);
}
