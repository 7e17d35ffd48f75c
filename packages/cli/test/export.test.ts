// What was learnt leaves the run as one file.
import { decodeSafetensors } from '@elbo/core';
import { loadRun } from '@elbo/experiments';
import { loadModel, standard } from '@elbo/models';
import { key } from '@elbo/random';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { call } from './call.js';
import { newest, objects, small, temporaryFolder } from './command.js';

let folder: string;
let dir: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  dir = join(folder, 'run');
  const train = ['train', 'avb', ...small, '--set', 'ema=0.9', '--steps', '6', '--out', dir];
  expect(await call(train)).toMatchObject({ status: 0 });
});

test('the file is the model that the run has: averaged weights, and the same scores to the bit', async () => {
  const [said] = objects(await call(['export', dir, '--json']));
  const path = join(dir, 'model.safetensors');
  const bytes = await readFile(path);
  expect(said).toEqual({
    path,
    card: null,
    step: 6,
    averaged: true,
    format: 'safetensors',
    part: null,
    bytes: bytes.length,
  });
  const { tensors } = decodeSafetensors(bytes, path);
  const kept = (await newest(dir)).tensors;
  for (const [name, { values }] of tensors) {
    const from = name.startsWith('dual/') ? `params/${name}` : `ema/${name}`;
    expect(values, name).toEqual(kept.get(from)!.values);
  }
  const run = await loadRun(dir);
  const file = await loadModel(bytes, standard);
  const x = run.model.sample(run.params.primal, key(1), 3);
  for (const use of [
    ({ model, params }: typeof file) => model.sample(params.primal, key(2), 3),
    ({ model, params }: typeof file) => model.score(params, { x }, key(3)),
  ])
    expect(await use(file).data()).toEqual(await use({ ...file, ...run }).data());
  file.dispose();
  run.dispose();
});

test('a part goes where --out says, and nothing else is written', async () => {
  const before = await readdir(dir);
  const path = join(folder, 'new', 'half.safetensors');
  const ended = await call(['export', dir, '--part', 'decoder', '--out', path]);
  expect(ended).toMatchObject({ status: 0, stderr: '' });
  expect(ended.stdout).toContain('The decoder of step 6, averaged over steps');
  const { model, dispose } = await loadModel(await readFile(path), standard);
  expect(model.config.kind).toBe('generator');
  dispose();
  expect(await readdir(dir)).toEqual(before);
  expect(await readdir(join(folder, 'new'))).toEqual(['half.safetensors']);
});

test.each([
  [['--out', 'model.pt'], 'ends in .safetensors'],
  [['--out', ''], 'It is empty'],
  [['--part', 'scorer'], 'add --format onnx or tfjs'],
  [['--format', 'onnx'], 'add --part encoder, decoder or scorer'],
  [['--format', 'onnx', '--part', 'decoder', '--out', 'model.pt'], 'ends in .onnx'],
  [['--format', 'tfjs', '--part', 'decoder', '--out', 'model.json'], 'without an ending'],
  [['--part', 'middle'], 'Allowed choices are encoder, decoder, scorer'],
])('%j is wrong usage', async (flags, says) => {
  const ended = await call(['export', dir, ...flags]);
  expect(ended).toMatchObject({ status: 2, stdout: '' });
  expect(ended.stderr).toContain(says);
});

test('no checkpoint is written over', async () => {
  const [name] = await readdir(join(dir, 'checkpoints'));
  const ended = await call(['export', dir, '--out', join(dir, 'checkpoints', name!)]);
  expect(ended).toMatchObject({ status: 2 });
  expect(ended.stderr).toContain("in a run's folder of checkpoints");
});

test('a part is written with what it computes, the weights of the run in it', async () => {
  const onnx = join(folder, 'graphs', 'decoder.onnx');
  const of = ['export', dir, '--part', 'decoder', '--json'];
  const [said] = objects(await call([...of, '--format', 'onnx', '--out', onnx]));
  const bytes = await readFile(onnx);
  expect(said).toMatchObject({ path: onnx, format: 'onnx', part: 'decoder', bytes: bytes.length });
  // A string of a message is as it is: metadata, and the names of weights, whose numbers follow them.
  for (const text of ['elbo-graph', 'step', 'decoder/head/kernel', 'the mean of p(x|z)'])
    expect(bytes.includes(text)).toBe(true);
  const kept = (await newest(dir)).tensors.get('ema/decoder/head/kernel')!.values;
  expect(bytes.includes(Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength))).toBe(true);

  const out = join(folder, 'graphs', 'scorer');
  const graph = ['export', dir, '--format', 'tfjs', '--part', 'scorer', '--card', '--out', out];
  expect(await call(graph)).toMatchObject({ status: 0, stderr: '' });
  expect((await readdir(out)).sort()).toEqual(['README.md', 'model.json', 'weights.bin']);
  const json = JSON.parse(await readFile(join(out, 'model.json'), 'utf8')) as {
    readonly userDefinedMetadata: Readonly<Record<string, string>>;
  };
  // AVB's divergence is what its adversary says.
  expect(json.userDefinedMetadata.description).toContain('An adversary estimates');
  expect(await readFile(join(out, 'README.md'), 'utf8')).toContain(
    "tf.loadGraphModel('model.json')",
  );
});

test('a card says what the run knows, and replaces only a card', async () => {
  const out = join(folder, 'hub', 'model.safetensors');
  await call(['evaluate', dir, '--metric', 'nll', '--rows', '4', '--samples', '50']);
  const write = () => call(['export', dir, '--card', '--out', out]);
  expect(await write()).toMatchObject({ status: 0, stderr: '' });
  const path = join(folder, 'hub', 'README.md');
  const card = await readFile(path, 'utf8');
  for (const said of [
    /^---\nlibrary_name: elbo\ntags:\n {2}- avb\n---\n/,
    /averaged over steps/,
    /train: four-pixels/,
    /\| .* \| .* ± .* nats \| .*4 held-out rows \|/,
    /It was not tested/,
    /```sh\nelbo train avb --data four-pixels/,
  ])
    expect(card).toMatch(said);
  expect(await write()).toMatchObject({ status: 0 });
  await writeFile(path, '# My own notes');
  const refused = await write();
  expect(refused).toMatchObject({ status: 2, stdout: '' });
  expect(refused.stderr).toContain('exists and is not a card');
  expect(await readFile(path, 'utf8')).toBe('# My own notes');
});
