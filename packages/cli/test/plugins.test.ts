// The plugin of the guide, by the commands of the guide.
import { createRegistry, defineKind, networkCategory } from '@elbo/core';
import { dense } from '@elbo/networks';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from './call.js';
import { objects, runApart } from './command.js';

const guide = join(import.meta.dirname, '..', '..', '..', 'docs', 'guide', 'plugins.md');
let folder: string;
let plugin: readonly string[];
let circular: string;
let commands: readonly string[];

beforeAll(async () => {
  // In the package, so that what the plugin imports is found.
  const scratch = join(import.meta.dirname, '..', '.elbo');
  await mkdir(scratch, { recursive: true });
  folder = await mkdtemp(join(scratch, 'plugin-'));
  const text = await readFile(guide, 'utf8');
  await writeFile(join(folder, 'mine.js'), /```js\n([^]*?)```/.exec(text)![1]!);
  commands = /```sh elbo\n([^]*?)```/.exec(text)![1]!.trim().split('\n');
  plugin = ['--plugin', `./${relative(process.cwd(), join(folder, 'mine.js'))}`];
  circular = join(folder, 'circular');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The words of a command of the guide, with files where they are here. */
function words(command: string): readonly string[] {
  return command
    .split(' ')
    .slice(1)
    .map((word) => (word === './mine.js' ? plugin[1]! : word.replace(/^runs\//, `${folder}/`)));
}

test('what the guide says works: a model, a dataset, a network and a term of one’s own, also in threads', async () => {
  const [lists, trains, evaluates, other] = commands.map(words);
  const listed = await call([...lists!, '--json']);
  expect(objects(listed).at(-1)).toMatchObject({
    name: 'circular',
    options: expect.anything() as object,
  });
  // Threads are of the build, and so is this.
  const trained = await runApart(...trains!, '--json', '--set', 'every=50');
  expect(trained).toMatchObject({ status: 0 });
  expect(objects(trained).at(1)).toMatchObject({ circle: expect.any(Number) as number });
  const config = JSON.parse(await readFile(join(circular, 'config.json'), 'utf8')) as object;
  // By name, and with no folder of this machine.
  expect(config).toMatchObject({ plugins: ['mine.js'], data: { train: { kind: 'spiral' } } });
  expect(JSON.stringify(config)).not.toContain(folder);
  expect(objects(await call([...evaluates!, '--json']))).toMatchObject([
    { metric: 'elbo' },
    { metric: 'nll' },
  ]);
  expect(await call([...other!, '--steps', '2'])).toMatchObject({ status: 0 });

  // A run asks for what it was made with, and so does a copy of its configuration.
  for (const args of [
    ['evaluate', circular],
    ['sample', circular],
    ['train', '--resume', circular],
    ['train', '--config', join(circular, 'config.json'), '--out', join(folder, 'again')],
  ]) {
    const refused = await call(args);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(/with the plugin 'mine\.js', which is code .* add --plugin/);
  }
  const more = ['--steps', '102', '--workers', '1'];
  expect(await call(['train', '--resume', circular, ...plugin, ...more])).toMatchObject({
    status: 0,
  });
});

test('a configuration runs no code, whatever it names', async () => {
  const code = 'data:text/javascript,globalThis.ran = true; export const kinds = []';
  const file = join(folder, 'foreign.json');
  const part = { kind: 'file', source: 'ring' };
  await writeFile(
    file,
    JSON.stringify({
      model: { kind: 'vae' },
      data: { train: part },
      training: { steps: 1, batchSize: 1, seed: 1, primal: { kind: 'adam' } },
      plugins: [code, './mine.js'],
    }),
  );
  const refused = await call(['train', '--config', file, '--out', join(folder, 'foreign')]);
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/add --plugin/);
  expect(globalThis).not.toHaveProperty('ran');
});

test.each([
  [['data:text/javascript,globalThis.ran=true'], /not a URL/],
  [['https://example.org/mine.js'], /not a URL/],
  [['mine-that-is-not-installed'], /is not found from .*install it/],
  [['package.json'], /did you mean the file \.\/package\.json\?/],
  [['./no/such.js'], /no\/such\.js cannot be loaded/],
  [['@elbo/core'], /exports none of `kinds`, `recipes`, `datasets`/],
  [['@elbo/vae', '@elbo/vae'], /two plugins are called '@elbo\/vae'/],
])('of a plugin that is none, %s, it says what is wrong', async (given, message) => {
  const refused = await call(['models', ...given.flatMap((name) => ['--plugin', name])]);
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toMatch(message);
  expect(globalThis).not.toHaveProperty('ran');
});

test('a name that is taken is refused', async () => {
  const double = join(folder, 'double.mjs');
  await writeFile(
    double,
    'export const datasets = [{ name: "spiral", about: "", make() {} }]; export const recipes = [];',
  );
  const refused = await call(['data', 'list', ...plugin, '--plugin', double]);
  expect(refused.stderr).toMatch(
    /'double\.mjs' has a dataset 'spiral', but that name is already taken/,
  );
  const other = join(folder, 'other.mjs');
  await writeFile(
    other,
    'export const recipes = [{ name: "vae", summary: "", options: {}, registry: { kinds: [] }, build() {} }];',
  );
  const again = await call(['models', '--plugin', other]);
  expect(again.stderr).toMatch(/'other\.mjs' has a model 'vae', but that name is already taken/);
  const listed = await call(['data', 'list', ...plugin]);
  expect(listed.stdout).toMatch(/^spiral +points on a spiral$/m);
});

test('a program gives the command kinds of its own', async () => {
  const named = defineKind('named', networkCategory, { name: v.string() }, ({ name }) => ({
    ...dense({ units: name.length }),
    config: { kind: 'named', name },
  }));
  const file = join(folder, 'program.json');
  const network = { kind: 'named', name: 'Kullback' };
  const training = {
    steps: 2,
    batchSize: 4,
    seed: 1,
    primal: { kind: 'adam', learningRate: 1e-3 },
  };
  await writeFile(
    file,
    JSON.stringify({
      model: {
        kind: 'vae',
        prior: { kind: 'standard-normal', dim: 2 },
        encoder: { kind: 'gaussian', network, latent: 2 },
        decoder: { kind: 'gaussian', network, shape: [2], sigma: 0.1 },
      },
      data: { train: { kind: 'file', source: 'ring' } },
      training,
    }),
  );
  const args = ['train', '--config', file, '--out', join(folder, 'program')];
  expect(await call(args)).toMatchObject({ status: 2 });
  expect(await call(args, { registry: createRegistry(named) })).toMatchObject({ status: 0 });
});
