import '@elbo/gradients';
import { ConfigError, standardNormal } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { compose, kl, reconstruction, type Model } from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  bestCheckpointName,
  checkpointNames,
  decodeCheckpoint,
  disposeState,
  initialState,
  memoryStore,
  stateFrom,
  validate,
  watchedMetric,
  type Best,
  type State,
  type TrainOptions,
} from '../src/index.js';
import { withValidation } from '../src/watch.js';
import { all, bitRows, bitsOf, smallModel, train } from './world.js';

const parts = {
  prior: standardNormal(2),
  encoder: gaussianEncoder({ network: mlp({ hidden: [16] }), latent: 2 }),
  decoder: bernoulliDecoder({ network: mlp({ hidden: [16] }), shape: [6] }),
};
/** Without an ELBO: a reconstruction alone bounds nothing. */
const autoencoder = compose({ ...parts, terms: [reconstruction()] });
const vae = compose({ ...parts, terms: [reconstruction(), kl()] });
const data = bitRows(40);
/** Of other bits, so that what is learned by heart does not hold. */
const held = bitRows(40, 2);

beforeAll(async () => {
  setThreadsCount(1);
  await setBackend('wasm');
});

describe('what tells the best step', () => {
  it('is the ELBO, which should rise, or the reconstruction of a model without one, which should fall', () => {
    expect(watchedMetric(vae)).toEqual({ metric: 'elbo', better: 'higher' });
    expect(watchedMetric(vae, 'kl')).toEqual({ metric: 'kl', better: 'lower' });
    expect(watchedMetric(autoencoder)).toEqual({ metric: 'reconstruction', better: 'lower' });
  });

  it.each<[string, Model, string | undefined, RegExp]>([
    [
      'a claimed ELBO',
      smallModel(),
      undefined,
      /adversary of 'kl' estimates it.*: reconstruction\./,
    ],
    ['a claimed KL', smallModel(), 'kl', /adversary of 'kl' estimates it/],
    ['an ELBO that there is not', autoencoder, 'elbo', /no such metric.*: reconstruction\./],
    ['a name of nothing', vae, 'constructor', /no such metric.*: elbo, reconstruction, kl\./],
    ["an adversary's loss", smallModel(), 'kl/loss', /adversary of 'kl'/],
  ])('is never %s: it is refused before the first step', (_, model, metric, message) => {
    const watch = (): unknown =>
      train(model, data, {
        ...{ steps: 1, batchSize: 4, seed: 1, primal: adam(1e-3) },
        validate: { data, every: 1 },
        early: { patience: 1, ...(metric !== undefined && { metric }) },
      });
    expect(watch).toThrow(ConfigError);
    expect(watch).toThrow(message);
  });

  it('begins anew when another metric is watched', () => {
    const elbo = { metric: 'elbo', better: 'higher' } as const;
    const at = (best: Best | undefined, step: number, value: number): Best =>
      withValidation(best, step, { elbo: value }, elbo);
    const first = at({ metric: 'kl', value: 3, step: 1, waited: 5, validated: 4 }, 5, -9);
    expect(first).toEqual({ metric: 'elbo', value: -9, step: 5, waited: 0, validated: 5 });
    expect(at(first, 6, -9)).toMatchObject({ step: 5, waited: 1, validated: 6 });
    expect(at(first, 6, -8)).toMatchObject({ value: -8, step: 6, waited: 0 });
  });
});

it('goes on as long as a cost falls', async () => {
  const run = train(autoencoder, data, {
    ...{ steps: 200, batchSize: 20, seed: 1, primal: adam(3e-3), every: 200 },
    validate: { data, every: 20 },
    early: { metric: 'reconstruction', patience: 3 },
  });
  const costs = (await all(run)).flatMap(({ split, metrics }) =>
    split === 'validation' ? [metrics.reconstruction!] : [],
  );
  expect([run.ended, run.state.step]).toEqual(['steps', 200]);
  expect(costs.at(-1)).toBeLessThan(costs[0]!);
  expect(run.state.best!.value).toBe(Math.min(...costs));
  run.dispose();
});

describe('the best step of a model that learns by heart', () => {
  const store = memoryStore();
  const options: TrainOptions = {
    ...{ steps: 1000, batchSize: 40, seed: 3, primal: adam(2e-2), every: 1000, ema: 0.5 },
    validate: { data: held, every: 10 },
    early: { patience: 4 },
    checkpoint: { store, every: 10, keep: 2 },
  };
  const restore = async (name: string): Promise<State> => {
    const shape = initialState(
      vae,
      { primal: options.primal, dual: options.primal },
      { seed: 0, x: [6], ema: true },
    );
    const state = stateFrom(decodeCheckpoint(await store.read(name), name), shape, name);
    disposeState(shape);
    return state;
  };

  it('is kept, though later checkpoints drop all others of its time, and has the value it was kept for', async () => {
    const before = memory().numTensors;
    const run = train(vae, data, options);
    const elbos = (await all(run)).flatMap(({ step, split, metrics }) =>
      split === 'validation' ? [{ step, elbo: metrics.elbo! }] : [],
    );
    expect(run.ended).toBe('early');
    const top = elbos.reduce((a, b) => (b.elbo > a.elbo ? b : a));
    expect(run.state.step).toBe(top.step + 40);
    expect(run.state.best).toMatchObject({ metric: 'elbo', value: top.elbo, step: top.step });

    const names = await store.list();
    expect(checkpointNames(names)).toHaveLength(2);
    expect(parseInt(checkpointNames(names)[0]!)).toBeGreaterThan(top.step);
    const best = await restore(bestCheckpointName);
    expect(best.step).toBe(top.step);
    const params = { ...best.params, primal: best.ema! };
    expect((await validate(vae, params, held, { seed: 3, step: best.step })).elbo).toBe(top.elbo);
    disposeState(best);
    run.dispose();
    expect(memory().numTensors).toBe(before);
  });

  it('is the same to the bit after a kill between its checkpoint and the next', async () => {
    const whole = await restore(bestCheckpointName);
    const bits = bitsOf(whole);
    // Killed after the best was written: what the run goes on from is of an earlier step.
    const cut = train(vae, data, { ...options, steps: whole.step - 10 });
    await all(cut);
    const from = cut.take();
    expect(from.best!.step).toBeLessThan(whole.step);
    const resumed = train(vae, data, { ...options, from });
    await all(resumed);
    expect(resumed.ended).toBe('early');
    const again = await restore(bestCheckpointName);
    expect([again.step, again.best]).toEqual([whole.step, whole.best]);
    expect(bitsOf(again)).toEqual(bits);
    resumed.dispose();
    disposeState(whole);
    disposeState(again);
  });

  it('is not kept where it is not asked for', async () => {
    const other = memoryStore();
    const run = train(vae, data, {
      ...options,
      checkpoint: { store: other, every: 100, best: false },
    });
    await all(run);
    expect(await other.list()).not.toContain(bestCheckpointName);
    run.dispose();
  });
});
