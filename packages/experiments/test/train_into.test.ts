import { createRegistry, defineKind, standardNormal } from '@elbo/core';
import { fourPixels, fromArrays, heldOut, preloaded, type Sets } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import {
  compose,
  kl,
  reconstruction,
  term,
  termCategory,
  weight,
  type Model,
} from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { key, uniform } from '@elbo/random';
import { openRun } from '@elbo/runs';
import { temporaryFolder } from '@elbo/testing/folders';
import { checkpointName } from '@elbo/training';
import { mmd } from '@elbo/wvae';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { square, sum } from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { evaluate, knownWith, loadRun, loadRunWithData, quiet, trainInto } from '../src/index.js';

const pixels: Sets = { train: fourPixels(), validation: fourPixels(), test: fourPixels() };

const training = {
  ...{ steps: 12, batchSize: 8, seed: 3, primal: adam(1e-2), ema: 0.9 },
  ...{ every: 4, checkpointEvery: 4, backend: 'wasm' },
};

/** A hybrid: the ELBO, and codes that are drawn to the prior all together. */
const hybrid = (pull = 5): Model =>
  compose({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network: mlp({ hidden: [8] }), latent: 2 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [8] }), shape: [2, 2, 1] }),
    terms: [reconstruction(), kl(), weight(mmd(), pull)],
  });

const last = (dir: string, step: number): Promise<Buffer> =>
  readFile(join(dir, 'checkpoints', checkpointName(step)));

test('the same program run again goes on where it was interrupted, to the same bits', async () => {
  const folder = await temporaryFolder();
  const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')];
  await trainInto(whole, hybrid(), pixels, training);
  const stop = new AbortController();
  const first = await trainInto(cut, hybrid(), pixels, training, knownWith({}), {
    ...quiet,
    signal: stop.signal,
    reported: ({ step }) => {
      if (step === 4) stop.abort();
    },
  });
  expect(first.ended).toBe('aborted');
  expect(first.step).toBeLessThan(12);
  const second = await trainInto(cut, hybrid(), pixels, training);
  expect(second).toMatchObject({ ended: 'steps', step: 12 });
  expect((await last(cut, 12)).equals(await last(whole, 12))).toBe(true);

  // It has ended: nothing is trained, nothing is written.
  const report = await readFile(second.report);
  expect(await trainInto(cut, hybrid(), pixels, training)).toEqual({
    ...{ run: cut, ended: 'steps', step: 12 },
    report: second.report,
  });
  expect((await readFile(second.report)).equals(report)).toBe(true);
});

test('more steps are a further leg, also a second time', async () => {
  const dir = join(await temporaryFolder(), 'run');
  await trainInto(dir, hybrid(), pixels, training);
  expect(await trainInto(dir, hybrid(), pixels, { ...training, steps: 16 })).toMatchObject({
    ...{ ended: 'steps', step: 16 },
  });
  expect(await trainInto(dir, hybrid(), pixels, { ...training, steps: 16 })).toMatchObject({
    ...{ ended: 'steps', step: 16 },
  });
  const { config } = await openRun(dir);
  expect(config.legs).toHaveLength(1);
});

test('another model, training or data in the folder of a run are named, and nothing is changed', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const bits = Float32Array.from(uniform(key(1), 80), (value) => (value < 0.5 ? 0 : 1));
  const data = fromArrays({ x: bits, shape: [2, 2, 1], name: 'mine' });
  await trainInto(dir, hybrid(), data, training);
  const before = await readFile(join(dir, 'config.json'));
  await expect(trainInto(dir, hybrid(2), data, training)).rejects.toThrow(
    /holds the run of a different program: model\.terms\.2\.factor was 5 and is 2/,
  );
  await expect(trainInto(dir, hybrid(), data, { ...training, primal: adam(1e-3) })).rejects.toThrow(
    /training\.primal\.learningRate was 0\.01 and is 0\.001/,
  );
  const one = bits.slice();
  one[7] = 1 - one[7]!;
  await expect(
    trainInto(dir, hybrid(), fromArrays({ x: one, shape: [2, 2, 1], name: 'mine' }), training),
  ).rejects.toThrow(/data\.train\.data\.digest was/);
  expect((await readFile(join(dir, 'config.json'))).equals(before)).toBe(true);
});

test('a run of rows in memory is measured by a program that has them', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const bits = Float32Array.from(uniform(key(1), 400), (value) => (value < 0.5 ? 0 : 1));
  const data = fromArrays({ x: bits, shape: [2, 2, 1], name: 'mine' });
  await trainInto(dir, hybrid(), data, training);
  await expect(loadRunWithData(dir)).rejects.toThrow(/values were in memory.*preloaded/);
  const run = await loadRunWithData(
    dir,
    {},
    knownWith({ registry: createRegistry(...preloaded(data)) }),
  );
  const options = { rows: 10, chains: 1, temperatures: 1, seed: 0 };
  const { found } = await evaluate(run, 'elbo', options, quiet);
  run.dispose();
  // A tenth of a hundred rows, which no step saw; four bits cost a bit each if nothing is known of them.
  expect(run.sets.test.size).toBe(10);
  expect(run.sets.test.config).toEqual(heldOut(data, { validation: 0.1, test: 0.1 }).test.config);
  expect(found.elbo).toBeLessThan(0);
  expect(found.elbo).toBeGreaterThan(-6 * Math.LN2);
});

test('a term of the program itself trains, and whoever knows its kind opens the run', async () => {
  const dir = join(await temporaryFolder(), 'run');
  const small = term({
    config: { kind: 'small' },
    name: 'small',
    role: 'regulariser',
    needs: ['posterior'],
    evaluate: (pass) => ({ cost: () => sum(square(pass.z), 1) }),
  });
  const model = compose({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network: mlp({ hidden: [8] }), latent: 2 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [8] }), shape: [2, 2, 1] }),
    terms: [reconstruction(), kl(), small],
  });
  expect(await trainInto(dir, model, pixels, training)).toMatchObject({ step: 12 });
  await expect(loadRun(dir)).rejects.toThrow(/There is no term 'small'/);
  const registry = createRegistry(defineKind('small', termCategory, {}, () => small));
  const run = await loadRun(dir, {}, knownWith({ registry }));
  expect(run.model.config).toEqual(model.config);
  run.dispose();
});
