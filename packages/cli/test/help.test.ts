// What help, README and code name is the same.
import { backendNames } from '@elbo/backends';
import { recipes } from '@elbo/models';
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

const readme = readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');

/** The options that the help of a command has, but for those that all have. */
async function optionsOf(command: string): Promise<readonly string[]> {
  const help = (await call([...command.split(' '), '--help'])).stdout;
  const found = [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option]) => option!);
  expect(found).toEqual(expect.arrayContaining(['--json', '--help']));
  return found.filter((option) => !['--json', '--help'].includes(option)).sort();
}

/** The rows of a table of the README, by what its head begins with: the words in code of each cell. */
async function tableOf(head: string): Promise<readonly (readonly string[])[]> {
  const lines = (await readme).split(`| ${head}`)[1]!.split('\n\n')[0]!.split('\n').slice(2);
  return lines.map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
}
const coded = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word!);

test.each(['train', 'evaluate'])('help and README have the same options of %s', async (name) => {
  const rows = await tableOf(`option of \`${name}\``);
  expect(rows.map(([option]) => coded(option!)[0]!.split(' ')[0]).sort()).toEqual(
    await optionsOf(name),
  );
});

/** What help lists under a heading. */
async function commandsOf(...words: readonly string[]): Promise<readonly string[]> {
  const help = (await call([...words, '--help'])).stdout.split('Commands:')[1]!;
  const names = [...help.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(([, command]) => command!);
  return names.filter((command) => command !== 'help');
}

test('help and README have the same options of all other commands', async () => {
  const top = (await commandsOf()).filter((name) => !['train', 'evaluate', 'data'].includes(name));
  const all = [...top, ...(await commandsOf('data')).map((name) => `data ${name}`)];
  expect(all.length).toBeGreaterThan(9);
  const rows = await tableOf('option of the others');
  for (const command of all) {
    const named = rows.filter(([, of]) => coded(of!).includes(command));
    expect([command, ...named.map(([option]) => coded(option!)[0]!.split(' ')[0]!).sort()]).toEqual(
      [command, ...(await optionsOf(command))],
    );
  }
  for (const word of rows.flatMap(([, of]) => coded(of!))) expect(all).toContain(word);
});

test('help and README name every backend that a command can have, and no other', async () => {
  // That one needs a page.
  const names = ['auto', ...backendNames.filter((name) => name !== 'webgl')].sort();
  const help = (await call(['train', '--help'])).stdout;
  const [, listed] = /where to compute:([^]*?)\(default/.exec(help)!;
  expect(
    listed!
      .match(/[a-z][\w-]*/g)!
      .filter((word) => word !== 'or')
      .sort(),
  ).toEqual(names);
  const [row] = (await tableOf('option of `train`')).filter(([option]) =>
    option!.includes('--backend'),
  );
  expect(coded(row![1]!).toSorted()).toEqual(names);
});
