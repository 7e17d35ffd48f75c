import { decodeSafetensors, encodeSafetensors, type Json } from '@elbo/core';
import { modelCategory } from '@elbo/objectives';
import { openRun } from '@elbo/runs';
import { temporaryFolder } from '@elbo/testing/folders';
import { checkpointName, numerics, type TrainingConfig } from '@elbo/training';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { knownWith, quiet, resolveConfig, resolveRun, trainResolved } from '../src/index.js';

const known = knownWith({});

/** What a person writes: most options are left out. */
const written = {
  model: {
    kind: 'composed',
    prior: { kind: 'standard-normal', dim: 2 },
    encoder: { kind: 'gaussian', network: { kind: 'mlp', hidden: [4] }, latent: 2 },
    decoder: { kind: 'bernoulli', network: { kind: 'mlp', hidden: [4] }, shape: [2, 2, 1] },
    terms: [{ kind: 'reconstruction' }, { kind: 'kl' }],
  },
  data: { train: { kind: 'four-pixels' } },
  training: { steps: 2, batchSize: 4, seed: 1, primal: { kind: 'adam', learningRate: 1e-3 } },
  backend: 'wasm',
} satisfies Json;

test('a run keeps the model and the optimisers that were built, with every option', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const resolution = await resolveConfig({ config: written, where: 'a file' }, known);
  await trainResolved(resolution, { out: dir }, known, quiet);
  const { config } = await openRun(dir);
  const built = known.registry.build(modelCategory, written.model);
  expect(config.model).toEqual(built.config);
  expect(JSON.stringify(config.model).length).toBeGreaterThan(JSON.stringify(written.model).length);
  expect((config.training as unknown as TrainingConfig).primal).toEqual({
    kind: 'adam',
    learningRate: 1e-3,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
  });
  // It is resolved: nothing is added when it is built again.
  const again = known.registry.build(modelCategory, built.config);
  expect(again.config).toEqual(built.config);
});

test('going on under other numerics says so', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const resolution = await resolveConfig({ config: written, where: 'a file' }, known);
  await trainResolved(resolution, { out: dir }, known, quiet);
  const path = join(dir, 'checkpoints', checkpointName(2));
  const { tensors, metadata } = decodeSafetensors(await readFile(path), path);
  expect(metadata.numerics).toBe(numerics);
  const notes: string[] = [];
  const goOn = async (steps: number): Promise<void> => {
    const further = { steps, settings: [] };
    await trainResolved(await resolveRun({ dir, further }, known), {}, known, {
      ...quiet,
      note: (text) => notes.push(text),
    });
  };
  await goOn(3);
  expect(notes.join('\n')).not.toContain('numerics');
  const last = join(dir, 'checkpoints', checkpointName(3));
  const found = decodeSafetensors(await readFile(last), last);
  await writeFile(
    last,
    encodeSafetensors({ tensors: found.tensors, metadata: { ...found.metadata, numerics: '0' } }),
  );
  await goOn(4);
  expect(notes.join('\n')).toContain('trained with another version of the numerics (0');
  expect(tensors.size).toBe(found.tensors.size);
});
