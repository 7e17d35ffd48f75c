import { concatDiscriminator } from '@elbo/discriminators';
import { compose, reconstruction } from '@elbo/objectives';
import { sgd } from '@elbo/optimisers';
import { useWasm } from '@elbo/testing/backends';
import { plainDecoder } from '@elbo/testing/worlds';
import { twoBumps } from '@elbo/testing/worlds';
import { disposeState } from '@elbo/training';
import { beforeAll, expect, it } from 'vitest';
import { adversarialKl } from '../src/index.js';
import { finish, normalRows, prior } from './support.js';

beforeAll(useWasm);

it('reports held-out accuracy and calibration in validation', async () => {
  const encoder = twoBumps({
    map: [
      [0.5, 0],
      [0, 0.5],
    ],
    spread: [0.5, 0.5],
    split: [0, 0],
  });
  const term = adversarialKl({ discriminator: concatDiscriminator({ hidden: [4] }) });
  const model = compose({ prior, encoder, decoder: plainDecoder, terms: [reconstruction(), term] });
  const { state, reports } = await finish(model, normalRows(64), {
    steps: 2,
    batchSize: 16,
    seed: 1,
    primal: sgd(0),
    every: 1,
    validate: { data: normalRows(200, 5), every: 2 },
  });
  const training = reports.find(({ split }) => split === 'training')!.metrics;
  const validation = reports.find(({ split }) => split === 'validation')!.metrics;
  expect(Object.keys(training)).toEqual(
    expect.arrayContaining(['elbo', 'kl', 'kl/loss', 'kl/accuracy']),
  );
  expect(training).not.toHaveProperty('kl/calibration');
  // Untrained, T says ½ everywhere, which is as often true.
  expect(validation['kl/calibration']).toBeLessThan(1e-6);
  expect(validation['kl/accuracy']).toBeLessThan(0.75);
  disposeState(state);
});
