import { temporaryFolder } from '@elbo/testing/folders';
import { sampleReport } from '@elbo/testing/sample-report';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  flattenConfig,
  renderComparison,
  type MetricsLine,
  type ReportData,
} from '../src/index.js';
import { library, rendered } from './rendered.js';

const executablePath = '/usr/bin/chromium';
const present = existsSync(executablePath);
if (!present) console.warn(`No ${executablePath}: the report is NOT tested in a browser.`);

let browser: Browser;

beforeAll(async () => {
  if (!present) return;
  browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});

afterAll(() => (present ? browser.close() : undefined));

interface Opened {
  readonly page: Page;
  /** Errors of the console, and every request but for the page itself. */
  readonly complaints: readonly string[];
}

const open = (data: ReportData): Promise<Opened> => openMarkup(rendered(data));

async function openMarkup(markup: string): Promise<Opened> {
  const path = join(await temporaryFolder(), 'report.html');
  await writeFile(path, markup);
  const page = await browser.newPage({
    viewport: { width: 1200, height: 900 },
    colorScheme: 'light',
  });
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
  });
  await page.goto(pathToFileURL(path).href);
  return { page, complaints };
}

/** For each chart, the number of pixels drawn in a colour. */
function inked(page: Page, variable: string): Promise<number[]> {
  return page.evaluate((name) => {
    const colour = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const rgb = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return [...document.querySelectorAll<HTMLCanvasElement>('.uplot canvas')].map((canvas) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4)
        if (data[i + 3]! > 200 && rgb.every((v, c) => Math.abs(data[i + c]! - v) < 12)) count++;
      return count;
    });
  }, variable);
}

// Where to put pictures of the pages, to look at them.
const gallery = process.env.ELBO_SCREENSHOTS;

async function shoot(page: Page, name: string): Promise<void> {
  if (gallery === undefined) return;
  await mkdir(gallery, { recursive: true });
  await page.screenshot({ path: join(gallery, `${name}.png`), fullPage: true });
}

test.skipIf(!present)(
  'it draws every curve in both colour schemes, and complains of nothing',
  async () => {
    const { page, complaints } = await open(sampleReport());
    const charts = await page.locator('.chart').count();
    // Changed under the open page, it draws again in the other colours.
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const drawn = async (variable: string, least: number) =>
        (await inked(page, variable)).filter((count) => count > least).length;
      // Calibration is measured in validation only; the gradient and the speed in training only.
      await expect.poll(() => drawn('--training', 100)).toBe(charts - 1);
      await expect.poll(() => drawn('--validation', 30)).toBe(charts - 2);
      await shoot(page, `report-${colorScheme}`);
    }
    const widths = await page
      .locator('figure img')
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    expect(widths).toHaveLength(3);
    expect(Math.min(...widths)).toBeGreaterThan(100);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(1200);
    expect(complaints).toEqual([]);
    await page.close();
  },
);

test.skipIf(!present)('its controls, a phone, and paper', async () => {
  const { page, complaints } = await open(sampleReport({ dims: 8 }));
  await page.locator('#smoothing').fill('90');
  await page.locator('#log-steps').check();
  await page.locator('#trim').uncheck();
  expect((await inked(page, '--training')).filter((count) => count > 100).length).toBeGreaterThan(
    5,
  );
  await page.locator('.u-over').first().hover();
  expect(await page.locator('.now').first().textContent()).toMatch(/−\d+\.\d+ −\d+\.\d+/);
  await shoot(page, 'report-smooth');
  await page.setViewportSize({ width: 390, height: 800 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
  await shoot(page, 'report-phone');
  await page.setViewportSize({ width: 1000, height: 800 });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(paper).toBe('rgb(255, 255, 255)');
  await shoot(page, 'report-print');
  expect(complaints).toEqual([]);
  await page.close();
});

test.skipIf(!present)('a single report is drawn, and so is a constant', async () => {
  const single = await open({
    ...sampleReport(),
    metrics: [{ step: 0, split: 'training', elbo: -3, kl: 0 }],
  });
  await single.page.locator('#log-steps').check();
  await single.page.locator('#log-steps').uncheck();
  expect((await inked(single.page, '--training')).every((count) => count > 4)).toBe(true);
  expect(single.complaints).toEqual([]);
  await single.page.close();
});

test.skipIf(!present)('a run that ended at once, and hostile text', async () => {
  const attack = '</script><img src=x onerror="document.title=\'owned\'">';
  const { page, complaints } = await open({
    ...sampleReport(),
    title: attack,
    metrics: [],
    images: [],
    warnings: [attack],
    rows: [{ title: attack, caption: attack, names: [attack], rows: [[attack]] }],
    latent: `<svg xmlns="http://www.w3.org/2000/svg"><script>document.title='owned'</script></svg>`,
  });
  expect(await page.title()).toBe(attack);
  expect(await page.locator('.warnings li').textContent()).toBe(attack);
  expect(await page.locator('.rows td').textContent()).toBe(attack);
  await shoot(page, 'report-empty');
  expect(complaints).toEqual([]);
  await page.close();
});

test.skipIf(!present)(
  'runs side by side: a curve of each in every chart, names as text',
  async () => {
    const { metrics, images } = sampleReport();
    const attack = '<img src=x onerror="document.title=\'owned\'">';
    // The second run has other values, and knows nothing of accuracies.
    const others = metrics.map(({ step, split, ...values }): MetricsLine => {
      const other = Object.entries(values).flatMap(([name, value]) =>
        name === 'kl/accuracy' ? [] : [[name, 1.2 * Number(value)] as const],
      );
      return { ...Object.fromEntries(other), step, split };
    });
    const { page, complaints } = await openMarkup(
      renderComparison(
        {
          runs: [
            { name: 'avb', metrics, samples: images[0]!.png },
            { name: attack, metrics: others, samples: images[0]!.png },
          ],
          configuration: { title: 'Configurations', rows: [{ label: attack, values: ['1', '2'] }] },
          tables: [
            { title: 'Runs', rows: [{ label: 'Steps', values: ['20,000', '20,000'] }] },
            {
              title: attack,
              note: attack,
              rows: [{ label: attack, values: ['−96.7 ± 2.2 nats', attack], note: attack }],
            },
          ],
        },
        library,
      ),
    );
    const charts = await page.locator('.chart').count();
    const drawn = async (variable: string): Promise<number> =>
      (await inked(page, variable)).filter((count) => count > 10).length;
    await expect.poll(() => drawn('--run-0')).toBe(charts);
    await expect.poll(() => drawn('--run-1')).toBe(charts - 1);
    // Of what is validated the validation alone: every tenth report.
    const numbers = JSON.parse((await page.locator('#charts').textContent())!) as {
      series: { split: string; values: number[] }[];
    }[];
    expect(numbers[0]!.series.map(({ split }) => split).sort()).toEqual([attack, 'avb']);
    expect(numbers[0]!.series[0]!.values).toHaveLength(20);
    expect(await page.locator('figure img').count()).toBe(2);
    expect(await page.title()).toBe(`avb, ${attack}`);
    await shoot(page, 'compare');
    await page.setViewportSize({ width: 390, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    expect(complaints).toEqual([]);
    await page.close();
  },
);

/** What leaves a narrow page: whatever reaches beyond its edge, or has to be scrolled sideways. */
function tooWide(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const root = document.scrollingElement!;
    const all = [...document.querySelectorAll('body *')].filter(
      // The chart library places its layers as it needs them.
      (element) => !element.closest('.uplot') && element.getClientRects().length > 0,
    );
    const found = all.filter(
      (element) =>
        element.getBoundingClientRect().right > innerWidth + 0.5 ||
        (element.scrollWidth > element.clientWidth + 1 &&
          /auto|scroll/.test(getComputedStyle(element).overflowX)),
    );
    return [
      ...(root.scrollWidth > innerWidth ? [`the page: ${root.scrollWidth}`] : []),
      ...found
        .slice(0, 5)
        .map(
          (element) =>
            `${element.tagName}.${element.className} ${element.textContent.slice(0, 40)}`,
        ),
    ];
  });
}

const long = (name: string, separator = '_'): string =>
  Array.from({ length: 8 }, (_, i) => `${name}${i}`).join(separator);

/** Everything that may be long in a report is: words without a place to break. */
function longReport(): ReportData {
  const data = sampleReport();
  const word = long('extraordinarily');
  const more = (line: MetricsLine): MetricsLine => ({
    ...line,
    [`${word}/accuracy`]: 0.123456,
    [long('regulariser', '-')]: -123456.789,
  });
  return {
    ...data,
    title: `${data.title} ${word}`,
    status: `training: step 1 of 2 ${word}`,
    command: `elbo train avb --set ${long('option', '.')}=${word}`,
    config: { [word]: { [word]: word, short: 1 }, hidden: Array<number>(60).fill(1024) },
    headline: [
      { label: word, value: word, unit: word, note: word },
      { label: 'ELBO', value: -123456789.123, unit: 'nats', note: 'test' },
    ],
    warnings: [`${word} /a/${long('folder', '/')}/${word}`],
    metrics: data.metrics.map(more),
    images: data.images.map((image) => ({ ...image, title: word, caption: word })),
    rows: [
      { title: word, caption: word, names: [word, 'a'], rows: [[word, '1']] },
      { title: word, caption: word, names: [], rows: [[word], ['ada']] },
    ],
    evaluations: [
      {
        ...data.evaluations[0]!,
        title: word,
        options: { [word]: word },
        figures: [{ name: word, label: word, value: word, note: word }],
      },
      ...data.evaluations,
    ],
    diagnostics: [{ label: word, value: word, note: word }, ...data.diagnostics],
    provenance: {
      ...data.provenance,
      versions: { [word]: word },
      parameters: { [word]: 1, encoder: 123456 },
    },
  };
}

test.skipIf(!present)(
  'on a phone a report of long names is not to be scrolled sideways',
  async () => {
    const { page, complaints } = await open(longReport());
    await shoot(page, 'report-long');
    expect(await page.evaluate(() => document.scrollingElement!.scrollWidth)).toBe(1200);
    await page.setViewportSize({ width: 390, height: 800 });
    await page.locator('summary').click();
    await expect.poll(() => tooWide(page)).toEqual([]);
    await shoot(page, 'report-long-phone');
    expect(complaints).toEqual([]);
    await page.close();
  },
);

test.skipIf(!present)(
  'on a phone a comparison stacks its rows, each value under the name of its run',
  async () => {
    const { metrics, images, config } = longReport();
    const names = ['first', 'second', 'third'].map((name) => long(`${name}-run-of-the-model`, '-'));
    const values = ['−96.7 ± 2.2 nats', long('value'), '–'];
    const { page, complaints } = await openMarkup(
      renderComparison(
        {
          runs: names.map((name) => ({ name, metrics, samples: images[0]!.png })),
          tables: [
            { title: 'Runs', rows: [{ label: 'Steps', values: ['20,000', '20,000', '1'] }] },
            {
              title: long('title'),
              note: long('note'),
              rows: [{ label: long('label'), values, note: long('note') }],
            },
          ],
          configuration: {
            title: 'Where configurations differ',
            rows: flattenConfig(config).map(([label, value]) => ({
              label,
              values: [value, value, '–'],
            })),
          },
        },
        library,
      ),
    );
    await shoot(page, 'compare-long');
    expect(await page.evaluate(() => document.scrollingElement!.scrollWidth)).toBe(1200);
    const shown = page.locator('td .own:visible');
    expect(await shown.count()).toBe(0);
    await page.setViewportSize({ width: 390, height: 800 });
    await expect.poll(() => tooWide(page)).toEqual([]);
    const row = page.locator('table.runs').nth(1).locator('tr').nth(1);
    expect(await row.locator('.own:visible').allTextContents()).toEqual(names);
    const tops = await row
      .locator('th, td.number')
      .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().top));
    expect(tops).toEqual([...new Set(tops)].sort((a, b) => a - b));
    await shoot(page, 'compare-long-phone');
    expect(complaints).toEqual([]);
    await page.close();
  },
);
