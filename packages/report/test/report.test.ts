import { printable } from '@elbo/core';
import { sampleReport } from '@elbo/testing/sample-report';
import { expect, test } from 'vitest';
import { formatFigure, type ReportData } from '../src/index.js';
import { escapeScriptJson } from '../src/pages/escape.js';
import { rendered } from './rendered.js';

const sample = sampleReport();
const interrupted: ReportData = {
  title: 'AVB on strokes',
  status: 'interrupted at step 3',
  config: { kind: 'avb' },
  headline: [],
  metrics: [],
  images: [],
  warnings: [],
  evaluations: [],
  diagnostics: [],
  provenance: { seed: 1, steps: 3, seconds: 0.4, backend: 'wasm', versions: {} },
};

/** The page without scripts, styles and pictures. */
function markup(page: string): string {
  return page
    .replace(/<script>.*?<\/script>/gs, '')
    .replace(/<style>.*?<\/style>/gs, '')
    .replace(/data:[^"]*/g, '');
}

/** The first few matches, short enough to read in a failure. */
function found(page: string, pattern: RegExp): string[] {
  return (page.match(pattern) ?? []).slice(0, 3);
}

/** The charts' data in a page. */
function chartsOf(
  page: string,
): { steps: number[]; series: { split: string; values: unknown[] }[] }[] {
  const [, json] = /<script type="application\/json" id="charts">(.*?)<\/script>/s.exec(page)!;
  return JSON.parse(json!) as ReturnType<typeof chartsOf>;
}

test('the page has every section, and asks nobody for anything', () => {
  const page = rendered(sample);
  const sections = [...page.matchAll(/<h2 id="(\w+)"/g)].map(([, id]) => id);
  expect(sections).toEqual([
    'curves',
    'pictures',
    'latent',
    'evaluations',
    'diagnostics',
    'origin',
  ]);
  expect(found(page, /script-src &#39;sha256-/g)).toHaveLength(1);
  // No address in markup or style; a comment in the chart library names its author's page.
  expect(found(markup(page), /https?:|\/\/\w/g)).toEqual([]);
  expect(found(page, /\b(src|href)="(?!data:)/g)).toEqual([]);
  expect(found(page, /@import|\burl\((?!"?data:)/g)).toEqual([]);
});

test('every element is closed in its order', () => {
  const void_ = /^(meta|img|input|br|wbr|link)$/;
  for (const data of [sample, interrupted]) {
    const open: string[] = [];
    for (const [, slash, name] of markup(rendered(data))
      .replace(/<!doctype html>/, '')
      .matchAll(/<(\/?)([a-z][a-z0-9]*)\b(?:"[^"]*"|[^">])*>/g)) {
      if (void_.test(name!)) continue;
      if (slash) expect(open.pop()).toBe(name);
      else open.push(name!);
    }
    expect(open).toEqual([]);
  }
});

test('equal data give equal pages', () => {
  expect(rendered(sampleReport())).toBe(rendered(sample));
});

test('the curves are the metrics, with gaps where there is no value', () => {
  const page = rendered(sample);
  const titles = [...page.matchAll(/<header><h3>([^<]+)/g)].map(([, title]) => title);
  expect(titles.slice(0, 3)).toEqual(['ELBO', 'Reconstruction', 'KL(q(z|x) ‖ p(z))']);
  expect(titles).toContain('Accuracy (kl)');
  const charts = chartsOf(page);
  const elbo = charts[0]!;
  expect(elbo.series.map(({ split }) => split)).toEqual(['training', 'validation']);
  sample.metrics.forEach((line) => {
    const { values } = elbo.series.find(({ split }) => split === line.split)!;
    const value = values[elbo.steps.indexOf(line.step)] as number;
    expect(value).toBeCloseTo(line.elbo as number, 3);
  });
  const kl = charts[2]!;
  expect(kl.series[0]!.values[kl.steps.indexOf(4100)]).toBeNull();
  // Steps without a validation.
  expect(elbo.series[1]!.values.filter((value) => value === null)).toHaveLength(180);
});

/** Title and note of each chart. */
function explained(page: string): (readonly [string, string])[] {
  return [
    ...page.matchAll(
      /<header><h3>([^<]*)<\/h3>.*?<\/header><div class="canvas"><\/div><p class="soft">([^<]*)</g,
    ),
  ].map(([, title, note]) => [title!, note!]);
}

test('each chart says what it shows and how to read it; a name of one’s own is shown as it is', () => {
  const names = ['cost', 'mmd', 'adversarial-x', 'adversarial-z', 'adversarial-pair'];
  const parts = ['d/accuracy', 'd/loss', 'd/gap', 'gradient/primal', 'gradient/dual', 'rate'];
  const values = Object.fromEntries([...names, ...parts, 'myTerm'].map((name) => [name, 1]));
  const metrics = [{ step: 1, split: 'training', ...values }];
  const charts = new Map(explained(rendered({ ...interrupted, metrics })));
  expect(charts.size).toBe(names.length + parts.length + 1);
  expect(charts.get('myTerm')).toBe('');
  charts.delete('myTerm');
  for (const [title, note] of charts) expect(note, title).not.toBe('');
  // Of a game no cost is said to be better, and no loss to be in nats: that hangs on the game.
  for (const title of charts.keys())
    if (title.includes('game')) expect(charts.get(title)).toMatch(/not how good the model is/);
  expect(charts.get('Loss (d)')).not.toContain('nats');
  expect(charts.get('Cost of reconstructions')).toContain('lower is better');
  expect(charts.get('Gradient norm')).toContain('before clipping');
});

test('the latent map’s title, which an image hides, stands below it', () => {
  const title = '<title>One draw of z for each of 3 rows &amp; more</title>';
  const latent = `<svg xmlns="http://www.w3.org/2000/svg">${title}</svg>`;
  const caption =
    '<figcaption class="soft">One draw of z for each of 3 rows &amp; more.</figcaption>';
  expect(rendered({ ...interrupted, latent })).toContain(caption);
  expect(rendered({ ...interrupted, latent: '<svg></svg>' })).not.toContain('<figcaption');
  // The picture is a file of the run, which another may have written.
  const foreign = rendered({
    ...interrupted,
    latent: '<title>a &#x202e;\u202egpj\u001b[31m</title>',
  });
  expect(foreign).toContain('>a &amp;#x202e;\\u{202e}gpj\\u{1b}[31m.</figcaption>');
});

test('a path of the configuration is broken at its dots only, where it does not fit', () => {
  const page = rendered({ ...interrupted, config: { 'a<b': { kind: 'c' } } });
  expect(page).toContain('<th scope="row">a&lt;b.<wbr>kind</th>');
});

test('what is not estimable has no unit', () => {
  const headline = [{ label: 'log p(x)', value: NaN, unit: 'nats' }];
  const page = rendered({ ...interrupted, headline });
  expect(page).toContain('<p class="value">not estimable</p>');
  expect(formatFigure({ value: NaN, error: NaN, unit: 'nats' })).toBe('not estimable');
});

test('metrics that are nowhere finite make no chart; not even one makes a page', () => {
  const metrics = [1, 2].map((step) => ({ step, split: 'training', elbo: null, kl: NaN, rate: 3 }));
  expect(chartsOf(rendered({ ...sample, metrics }))).toHaveLength(1);
  const page = rendered(interrupted);
  expect(page).toContain('No metrics were recorded: the run ended before its first report.');
  expect(page).toContain('interrupted at step 3');
  expect(page).not.toMatch(/undefined|NaN|<script>/);
});

test('a run that still trains has metrics to come', () => {
  const page = rendered({ ...interrupted, stage: 'training' });
  expect(page).toContain('No metrics yet');
  expect(page).not.toContain('ended before');
});

test('no text can leave its place', () => {
  const attack = `</script></title><script>alert(1)</script><img src=x onerror="alert('&')">\u001b[31m\u202egpj\u2066`;
  const page = rendered({
    ...sample,
    title: attack,
    status: attack,
    command: attack,
    config: { [attack]: attack },
    headline: [{ label: attack, value: attack, unit: attack, note: attack }],
    metrics: [{ step: 1, split: attack, [attack]: 2 }],
    images: [{ title: attack, caption: attack, png: new Uint8Array(3) }],
    latent: attack,
    warnings: [attack],
    evaluations: [
      {
        ...sample.evaluations[0]!,
        title: attack,
        options: { [attack]: attack },
        backend: attack,
        figures: [{ name: attack, label: attack, value: attack, unit: attack, note: attack }],
      },
    ],
    diagnostics: [{ label: attack, value: attack, note: attack }],
    provenance: { ...sample.provenance, backend: attack, versions: { [attack]: attack } },
  });
  expect(found(page, /<script>alert|<img src=x/g)).toEqual([]);
  // Three scripts: data, chart library, ours.
  expect(page.match(/<script/g)).toHaveLength(3);
  expect(page.match(/<\/script/g)).toHaveLength(3);
  expect(page).not.toMatch(/[\u001b\u009b\u200e\u200f\u202a-\u202e\u2066-\u2069]/); // eslint-disable-line no-control-regex
  expect(page).toContain('\\u{1b}[31m\\u{202e}gpj\\u{2066}');
  expect(chartsOf(page)[0]!.series[0]!.split).toBe(printable(attack));
});

test('JSON in a page holds no markup and turns no writing, in names as in texts', () => {
  const attack = '</script>&\u001b[31m\u202egpj\u2028\u{e0001}';
  const json = escapeScriptJson({ [attack]: attack });
  expect(json).not.toMatch(/[<>&\p{Cc}\p{Cf}\u2028]/u);
  expect(JSON.parse(json)).toEqual({ [attack]: printable(attack) });
});

test('metrics, options and configurations may have names that objects inherit', () => {
  const names = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'];
  const json = `{${names.map((name, i) => `"${name}":${i}`).join(',')}}`;
  const own = JSON.parse(json) as Record<string, number>;
  const texts = JSON.parse(json.replace(/:(\d)/g, ':"$1"')) as Record<string, string>;
  const page = rendered({
    ...interrupted,
    config: { kind: 'avb', ...own },
    metrics: [1, 2].map((step) => ({ ...own, step, split: 'training' })),
    evaluations: [
      { ...sample.evaluations[0]!, metric: 'constructor', options: own, versions: texts },
    ],
    provenance: { ...interrupted.provenance, versions: texts, parameters: own },
  });
  expect(chartsOf(page).map(({ steps }) => steps)).toEqual(names.map(() => [1, 2]));
  for (const name of names) expect(markup(page)).toContain(name);
  // A metric that one line lacks has no value there, though every object inherits one of that name.
  const [chart] = chartsOf(
    rendered({
      ...interrupted,
      metrics: [
        { ...JSON.parse('{"toString":1}'), step: 1, split: 'training' },
        { step: 2, split: 'training' },
      ],
    }),
  );
  expect(chart!.steps).toEqual([1]);
});

test('rows of a table have the names of their columns; texts stand side by side', () => {
  const page = markup(
    rendered({
      ...interrupted,
      rows: [
        { title: 'Rows', caption: 'of the table', names: ['a', 'b'], rows: [['1', 'x < y']] },
        { title: 'Words', caption: 'drawn', names: [], rows: [['ada'], ['bob']] },
      ],
    }),
  );
  expect(page).toContain('<tr><th scope="col">a</th><th scope="col">b</th></tr>');
  expect(page).toContain('<tr><td data-name="a">1</td><td data-name="b">x &lt; y</td></tr>');
  expect(page).toContain('<span>ada</span> <span>bob</span>');
  expect(markup(rendered(interrupted))).not.toContain('Samples and rows');
});
