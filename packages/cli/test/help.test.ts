// What help, README and code name is the same.
import { recipes } from '../src/index.js';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { call } from './call.js';
import { objects } from './command.js';

test('elbo models says the default, the type and the range of every option, as the schemas have them', async () => {
  const listed = objects(await call(['models', '--json'])) as {
    name: string;
    options: Record<string, { about: string; type: string; default?: unknown }>;
  }[];
  expect(listed.map(({ name }) => name)).toEqual(recipes.map(({ name }) => name));
  for (const { options } of listed)
    for (const { about, type } of Object.values(options)) {
      expect(about).not.toBe('');
      expect(type).toMatch(/number|list|true or false|, | or /);
    }
  const { options } = listed.find(({ name }) => name === 'vae')!;
  expect(options.latent).toMatchObject({ default: 8, type: 'whole number ≥ 1' });
  expect(options.anneal).toMatchObject({ default: 'none', type: 'none, linear or cyclical' });
  const text = (await call(['models'])).stdout;
  expect(text).toMatch(/--set latent=8 +whole number ≥ 1 +dimension of z/);
  expect(text).toMatch(/--set steps= +whole number ≥ 1/);
});

test.each(['train', 'evaluate'])('the README has the options of %s that help has', async (name) => {
  const help = (await call([name, '--help'])).stdout;
  const readme = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const inHelp = [...help.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option!);
  const missing = inHelp.filter((option) => !readme.includes(option));
  expect(missing).toEqual([]);
  const tables = readme.split(`| option of \`${name}\``)[1]!.split('\n\n')[0]!;
  const inReadme = [...tables.matchAll(/^\| `(--[\w-]+)/gm)].map(([, option]) => option!);
  expect(inReadme.length).toBeGreaterThan(5);
  expect(inReadme.filter((option) => !inHelp.includes(option))).toEqual([]);
});
