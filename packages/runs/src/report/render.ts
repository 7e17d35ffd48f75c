import { createHash } from 'node:crypto';
import { escapeMarkup, escapeScriptJson } from '../escape.js';
import { chartGroups } from './curves.js';
import type { ReportData } from './data.js';
import { script } from './script.js';
import {
  curves,
  diagnostics,
  evaluations,
  heading,
  headline,
  latentMap,
  origin,
  pictures,
  warnings,
} from './sections.js';
import { style } from './style.js';
import { uplotAssets } from './uplot.js';

/** Lets the page run its own scripts and nothing else, and reach no network. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map(
    (code) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`,
  );
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`;
}

/**
 * A run's report as one HTML page that needs nothing beside it: style, scripts, data and pictures are
 * in it, and its content policy forbids any request. Equal data give an equal page.
 */
export function renderReport(data: ReportData): string {
  const groups = chartGroups(data.metrics);
  const charts = groups.flatMap((group) => group.charts);
  const uplot = uplotAssets();
  const scripts = charts.length > 0 ? [uplot.script, script] : [];
  const numbers = escapeScriptJson(charts.map(({ steps, series }) => ({ steps, series })));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy(scripts))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(data.title)}</title>
<style>${uplot.style}${style}</style>
</head>
<body>
<main>
${heading(data)}
${headline(data)}
${warnings(data)}
${curves(groups)}
${pictures(data)}
${latentMap(data)}
${evaluations(data)}
${diagnostics(data)}
${origin(data)}
</main>
<script type="application/json" id="charts">${numbers}</script>
${scripts.map((code) => `<script>${code}</script>`).join('\n')}
</body>
</html>
`;
}
