import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { base64 } from './base64.js';
import type { ChartLibrary } from './chart_library.js';
import type { ChartGroup } from './curves.js';
import { escapeMarkup, escapeScriptJson } from './escape.js';
import { script } from './script.js';
import { style } from './style.js';

/** What a page is made of. */
export interface PageParts {
  readonly title: string;
  /** Markup; where it has boxes for charts, they are those of `groups`, in this order. */
  readonly body: string;
  readonly groups: readonly ChartGroup[];
  /** The colour of a curve, as the name of a custom property of CSS. */
  readonly colourOf: (split: string) => string;
  /** What draws the charts. */
  readonly library: ChartLibrary;
  /** Style beside that of all pages. */
  readonly style?: string;
}

/** Lets the page run its own scripts and nothing else, and reach no network. */
function policy(scripts: readonly string[]): string {
  const hashes = scripts.map((code) => `'sha256-${base64(sha256(utf8ToBytes(code)))}'`);
  return `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ${hashes.join(' ')}`;
}

/**
 * An HTML page that needs nothing beside it: style, scripts, data and pictures are in it, and its content policy forbids
 * any request. Equal parts give an equal page.
 */
export function page({
  title,
  body,
  groups,
  colourOf,
  library,
  style: own = '',
}: PageParts): string {
  const charts = groups.flatMap((group) => group.charts);
  const scripts = charts.length > 0 ? [library.script, script] : [];
  const numbers = escapeScriptJson(
    charts.map(({ steps, series }) => ({
      steps,
      series: series.map((curve) => ({ ...curve, colour: colourOf(curve.split) })),
    })),
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeMarkup(policy(scripts))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${library.style}${style}${own}</style>
</head>
<body>
<main>
${body}
</main>
<script type="application/json" id="charts">${numbers}</script>
${scripts.map((code) => `<script>${code}</script>`).join('\n')}
</body>
</html>
`;
}
