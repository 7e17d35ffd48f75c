// What another person calls a dataset, a model, a term or a plugin steers no terminal and is no markup of a page.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from './call.js';

/** An escape code, its 8-bit form, markup, and a word that is written from right to left. */
const hostile = '\u001b[31m\u009b1m<script>alert(1)<img onerror>\u202egpj';
// eslint-disable-next-line no-control-regex
const steering = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

let folder: string;
let plugin: readonly string[];

beforeAll(async () => {
  // In the package, so that what the plugin imports is found.
  const scratch = join(import.meta.dirname, '..', '.elbo');
  await mkdir(scratch, { recursive: true });
  folder = await mkdtemp(join(scratch, 'hostile-'));
  const file = join(folder, `${hostile}.mjs`);
  await writeFile(
    file,
    `
import { createRegistry, defineKind, standardNormal } from '@elbo/core';
import { datasetCategory } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { dense } from '@elbo/networks';
import { compose, kl, reconstruction, term, termCategory } from '@elbo/objectives';
import { defineRecipe } from '@elbo/recipes';
import * as tf from '@tensorflow/tfjs-core';
import * as v from 'valibot';

const hostile = ${JSON.stringify(hostile)};
const points = ({ size = 64, split = 'train' }) => ({
  config: { kind: hostile, size, split },
  name: hostile,
  size,
  shape: [2],
  binary: false,
  classes: 2,
  read: (rows) => ({
    x: Float32Array.from([...rows].flatMap((row) => [Math.cos(row), Math.sin(row)])),
    labels: Int32Array.from(rows, (row) => row % 2),
  }),
  factors: (row) => ({ [hostile]: row % 3, other: row % 4 }),
});
const small = term({
  config: { kind: hostile },
  name: hostile,
  role: 'regulariser',
  needs: ['posterior'],
  evaluate: (pass) => ({ cost: () => tf.mean(tf.square(pass.z), 1), metrics: () => ({ [hostile]: tf.scalar(1) }) }),
});
export const kinds = [
  defineKind(hostile, datasetCategory, { size: v.number(), split: v.string() }, points),
  defineKind(hostile, termCategory, {}, () => small),
];
export const datasets = [{ name: hostile, about: hostile, make: points }];
export const recipes = [
  defineRecipe({
    name: hostile,
    summary: hostile,
    options: { [hostile]: hostile },
    schema: { [hostile]: v.optional(v.number(), 1) },
    registry: createRegistry(...kinds),
    build: ({ shape }) => ({
      model: compose({
        prior: standardNormal(2),
        encoder: gaussianEncoder({ network: dense({ units: 4 }), latent: 2 }),
        decoder: gaussianDecoder({ network: dense({ units: 4 }), shape, sigma: 1 }),
        terms: [reconstruction(), kl(), small],
      }),
      training: {},
    }),
  }),
];
`,
  );
  plugin = ['--plugin', `./${relative(process.cwd(), file)}`];
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('hostile names of everything that has one reach neither terminal nor page as they are', async () => {
  const runs = [`${hostile} 1`, `${hostile} 2`].map((name) => join(folder, name));
  const training = [...plugin, '--data', hostile, '--steps', '2', '--batch-size', '8'];
  const compared = join(folder, 'compare.html');
  for (const args of [
    ['models', ...plugin],
    ['data', 'list', ...plugin],
    ['train', hostile, ...training, '--set', `${hostile}=2`, '--out', runs[0]!],
    ['train', hostile, ...training, '--seed', '2', '--json', '--out', runs[1]!],
    ['evaluate', runs[0]!, ...plugin, '--metric', 'costs,factors'],
    ['evaluate', runs[1]!, ...plugin, '--metric', 'costs', '--json'],
    ['report', runs[0]!],
    ['compare', ...runs, '--out', compared],
    ['compare', ...runs, '--json'],
  ]) {
    const { status, stdout, stderr } = await call(args);
    expect(status, stderr).toBe(0);
    expect(stdout + stderr).toMatch(/gpj/);
    expect(stdout + stderr, args.join(' ')).not.toMatch(steering);
  }
  // What has no plugin names it, and what is not there is named as well.
  for (const args of [
    ['evaluate', runs[0]!],
    ['train', `${hostile}s`, ...plugin],
    ['train', 'vae', '--data', `${hostile}s`],
    ['train', hostile, ...plugin, '--set', `${hostile}s=1`],
    ['models', '--plugin', `./${hostile}`],
  ]) {
    const { status, stdout, stderr } = await call(args);
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/gpj/);
    expect(stdout + stderr, args.join(' ')).not.toMatch(steering);
  }
  const svg = await readFile(join(runs[0]!, 'latent.svg'), 'utf8');
  const pages = [join(runs[0]!, 'report.html'), join(runs[1]!, 'report.html'), compared];
  for (const page of [svg, ...(await Promise.all(pages.map((path) => readFile(path, 'utf8'))))]) {
    expect(page).not.toMatch(steering);
    expect(page).not.toMatch(/<script>alert|<img onerror/);
    if (page !== svg) expect(page).toContain('\\u{202e}gpj');
  }
  expect(await readdir(runs[0]!)).toContain('report.html');
});
