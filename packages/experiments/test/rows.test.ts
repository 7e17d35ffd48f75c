import { standardNormal } from '@elbo/core';
import { fromArrays } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { key } from '@elbo/random';
import { readBlocks } from '@elbo/training';
import { vae } from '@elbo/vae';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { onRows } from '../src/use/rows.js';

beforeAll(async () => {
  await setBackend('cpu');
});

it('rows that a model is measured on are of its likelihood; others are read as they are', async () => {
  const network = mlp({ hidden: [2] });
  const model = vae({
    prior: standardNormal(1),
    encoder: gaussianEncoder({ network, latent: 1 }),
    decoder: bernoulliDecoder({ network, shape: [2] }),
  });
  const data = fromArrays({
    x: Float32Array.of(0, 1, -5, 5),
    shape: [2],
    range: 'finite',
    name: 'mine',
  });
  const noise = key(1);
  const counted = (count: number, of: typeof model | undefined) =>
    onRows(data, { count, noise, model: of }, ({ x }) => Promise.resolve(x.shape[0]));
  const message = /mine: values reach from -5 to 5.*'bernoulli'/;
  await expect(counted(2, model)).rejects.toThrow(message);
  expect(await counted(1, model)).toBe(1);
  expect(await counted(2, undefined)).toBe(2);
  const blocks = readBlocks(data, { count: 2, size: 1, noise, model });
  expect((await blocks.next()).done).toBe(false);
  await expect(blocks.next()).rejects.toThrow(message);
});
