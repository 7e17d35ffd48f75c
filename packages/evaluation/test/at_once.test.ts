import { standardNormal } from '@elbo/core';
import { gaussianDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { compose, kl, reconstruction, type Decoder } from '@elbo/objectives';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { zeros } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { annealedLikelihood, impute, logLikelihood, posteriorSamples } from '../src/index.js';

beforeAll(async () => {
  await useWasm();
});

const side = 32;
const width = 3 * side ** 2;

/** A model of images in colour, and how many z it was asked to decode at once. */
function watched(): { readonly sizes: number[]; readonly model: ReturnType<typeof modelOf> } {
  const sizes: number[] = [];
  const decoder = gaussianDecoder({ network: mlp({ hidden: [2] }), shape: [side, side, 3] });
  const watching: Decoder = {
    ...decoder,
    likelihood: (params, mode, z, condition) => {
      sizes.push(z.shape[0]);
      return decoder.likelihood(params, mode, z, condition);
    },
  };
  return { sizes, model: modelOf(watching) };
}

const modelOf = (decoder: Decoder) =>
  compose({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network: mlp({ hidden: [2] }), latent: 2 }),
    decoder,
    terms: [reconstruction(), kl()],
  });

// Two thousand images of twice this side in some tens of tensors are more than WebAssembly can hold.
test('of large rows no more are decoded at once than 2²¹ values are, whoever decodes', async () => {
  const { sizes, model } = watched();
  const { primal } = model.init(key(1), [side, side, 3]);
  const batch = { x: zeros([2, side, side, 3]) };
  const most = async (work: () => Promise<unknown>): Promise<number> => {
    sizes.length = 0;
    await work();
    return Math.max(...sizes);
  };
  const likelihood = (proposal: 'fitted' | 'posterior'): Promise<unknown> =>
    logLikelihood(model, primal, batch, { key: key(2), samples: 300, proposal });
  const draws = { key: key(2), samples: 200, draws: 200 };
  const chains = { key: key(2), chains: 400, temperatures: 1, leapfrogs: 1 };
  const limit = 2 ** 21 / width;
  expect(await most(() => likelihood('fitted'))).toBeLessThanOrEqual(limit);
  expect(await most(() => likelihood('posterior'))).toBeLessThanOrEqual(limit);
  expect(await most(() => posteriorSamples(model, primal, batch, draws))).toBeLessThanOrEqual(
    limit,
  );
  expect(await most(() => impute(model, primal, batch, draws))).toBeLessThanOrEqual(limit);
  expect(await most(() => annealedLikelihood(model, primal, batch, chains))).toBeLessThanOrEqual(
    limit,
  );
  batch.x.dispose();
});
