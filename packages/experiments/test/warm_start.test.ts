import { decodeSafetensors, standardNormal } from '@elbo/core';
import { fourPixels, type Sets } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { encodeModel } from '@elbo/models';
import { mlp } from '@elbo/networks';
import { compose, kl, reconstruction, type Model } from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { openRun } from '@elbo/runs';
import { temporaryFolder } from '@elbo/testing/folders';
import { checkpointName } from '@elbo/training';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  knownWith,
  loadRun,
  quiet,
  resolveConfig,
  trainInto,
  trainResolved,
} from '../src/index.js';

const pixels: Sets = { train: fourPixels(), validation: fourPixels(), test: fourPixels() };

// Of nothing but its first step, at a rate that moves no parameter: a checkpoint is what the run began with.
const still = { steps: 1, batchSize: 4, seed: 5, primal: adam(1e-30), backend: 'wasm' };

/** An encoder of so many units, a decoder of four. */
const vaeOf = (units: number): Model =>
  compose({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network: mlp({ hidden: [units] }), latent: 2 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [4] }), shape: [2, 2, 1] }),
    terms: [reconstruction(), kl()],
  });

async function tensorsOf(dir: string, step: number) {
  const path = join(dir, 'checkpoints', checkpointName(step));
  return decodeSafetensors(await readFile(path), path).tensors;
}

/** A run that has learnt something. */
async function learnt(units = 8): Promise<string> {
  const dir = join(await temporaryFolder(), 'learnt');
  await trainInto(dir, vaeOf(units), pixels, {
    ...{ steps: 20, batchSize: 8, seed: 1, primal: adam(1e-2), ema: 0.9, backend: 'wasm' },
  });
  return dir;
}

/** The notes that a run gives as it begins. */
async function begun(
  dir: string,
  model: Model,
  from: Parameters<typeof trainInto>[3]['from'],
): Promise<string> {
  const notes: string[] = [];
  await trainInto(dir, model, pixels, { ...still, from }, knownWith({}), {
    ...quiet,
    note: (text) => notes.push(text),
  });
  return notes.filter((text) => text.startsWith('Starts')).join('\n');
}

test('a run begins with the averaged parameters of another, and says what it took', async () => {
  const source = await learnt();
  const dir = join(await temporaryFolder(), 'run');
  const said = await begun(dir, vaeOf(8), { source });
  // 4·8 + 8 and two heads of 8·2 + 2; 2·4 + 4 and 4·4 + 4.
  expect(said).toContain(
    `Starts from parameters of ${source}, step 20: encoder whole (76 parameters), decoder whole (32 parameters).`,
  );
  const [there, here] = [await tensorsOf(source, 20), await tensorsOf(dir, 1)];
  const paths = [...there.keys()].filter((path) => path.startsWith('ema/'));
  expect(paths.length).toBeGreaterThan(4);
  for (const path of paths) {
    const own = here.get(path.replace('ema/', 'params/'))!;
    expect(own.values).toEqual(there.get(path)!.values);
  }
});

test('of parts that are named, what fits in name and shape is taken; all else is as it would be', async () => {
  const source = await learnt();
  const [plain, warm] = await Promise.all([temporaryFolder(), temporaryFolder()]);
  await trainInto(join(plain, 'run'), vaeOf(3), pixels, still);
  const said = await begun(join(warm, 'run'), vaeOf(3), { source, parts: ['decoder'] });
  expect(said).toContain('decoder whole (32 parameters)');
  expect(said).not.toContain('encoder');
  const [fresh, here] = [
    await tensorsOf(join(plain, 'run'), 1),
    await tensorsOf(join(warm, 'run'), 1),
  ];
  for (const [path, { values }] of here)
    if (path.startsWith('params/encoder/'))
      // One step of such a rate apart, where a parameter is 0.
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(fresh.get(path)!.values[i]!, 28);
      });
  const learntThere = await tensorsOf(source, 20);
  for (const [path, { values }] of here)
    if (path.startsWith('params/decoder/'))
      expect(values).toEqual(learntThere.get(path.replace('params/', 'ema/'))!.values);

  // Another encoder: its last bias alone is of the same shape.
  const other = await begun(join(warm, 'other'), vaeOf(3), { source, parts: ['encoder'] });
  expect(other).toMatch(/encoder \d of \d tensors/);
  expect(other).toMatch(
    /Starts afresh: encoder\/\w+\/kernel is \[8, 2\] there and \[3, 2\] here; .*; and 1 more\./,
  );
});

test('what fits nowhere is refused, before anything is written', async () => {
  const source = await learnt();
  const dir = join(await temporaryFolder(), 'run');
  await expect(begun(dir, vaeOf(8), { source, parts: ['dual'] })).rejects.toThrow(
    /none of its parameters fit this model, which has no dual/,
  );
  await expect(begun(dir, vaeOf(8), { source: join(dir, 'none') })).rejects.toThrow(
    /the folder does not exist/,
  );
  await expect(openRun(dir)).rejects.toThrow(/does not exist/);
});

test('the file of an exported decoder will do, and a configuration begins with the same again or not at all', async () => {
  const source = await learnt();
  const folder = await temporaryFolder();
  const file = join(folder, 'decoder.safetensors');
  const { model, params, rows, dispose } = await loadRun(source);
  await writeFile(file, await encodeModel(model, params, rows, { part: 'decoder' }));
  const dir = join(folder, 'run');
  expect(await begun(dir, vaeOf(3), { source: file })).toContain('decoder whole');
  const { config } = await openRun(dir);
  expect(config.from).toMatchObject({ source: file, digest: /^[\da-f]{64}$/ });
  dispose();

  const again = async (out: string): Promise<unknown> => {
    const resolution = await resolveConfig({ config, where: 'config.json' }, knownWith({}));
    return trainResolved(resolution, { out }, knownWith({}), quiet);
  };
  await again(join(folder, 'again'));
  expect(await tensorsOf(join(folder, 'again'), 1)).toEqual(await tensorsOf(dir, 1));
  // The same program goes on with its run.
  expect(await begun(dir, vaeOf(3), { source: file })).toBe('');
  // Another checkpoint in the file's place.
  const other = await loadRun(await learnt(5));
  await writeFile(
    file,
    await encodeModel(other.model, other.params, other.rows, { part: 'decoder' }),
  );
  other.dispose();
  await expect(again(join(folder, 'changed'))).rejects.toThrow(
    /its parameters have changed since this configuration was written/,
  );
});
