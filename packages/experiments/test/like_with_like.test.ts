import { disposeTree, standardNormal } from '@elbo/core';
import { binarise, fromArrays, strokes, subset, type Dataset } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import {
  drawLike,
  featureNetwork,
  neighbourhoods,
  trainFeatures,
  type Neighbourhood,
} from '@elbo/evaluation';
import { mlp } from '@elbo/networks';
import type { Model, ModelParams } from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { fold, integers, key, uniform } from '@elbo/random';
import { toBatch, train } from '@elbo/training';
import { vae } from '@elbo/vae';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { setBackend, tensor, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';

beforeAll(async () => {
  setThreadsCount(1);
  await setBackend('wasm');
});

const [count, size] = [400, 200];

/** Digits, drawn once: the set itself draws a row whenever it is read. */
async function digits(rows: number, split: 'train' | 'test'): Promise<Dataset> {
  const set = strokes({ size: rows, split });
  const { x, label } = await set.read(
    Uint32Array.from({ length: rows }, (_, i) => i),
    key(0),
  );
  return fromArrays({ x, shape: set.shape, ...(label && { label }) });
}

async function rowsOf(data: Dataset, rows: number): Promise<Tensor> {
  const { x } = await data.read(
    Uint32Array.from({ length: rows }, (_, i) => i),
    key(1),
  );
  return tensor(x, [rows, ...data.shape]);
}

/** Averages of three random rows: not digits, but near to many. As bits, each is drawn with its average's probability. */
async function averages(data: Dataset, bits: boolean): Promise<Tensor> {
  const { x } = await data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(1),
  );
  const width = x.length / data.size;
  const of = integers(key(2), 3 * count, data.size);
  const chance = uniform(key(3), count * width);
  const values = Float32Array.from({ length: count * width }, (_, i) => {
    const [row, at] = [Math.floor(i / width), i % width];
    const mean = [0, 1, 2].reduce((sum, k) => sum + x[of[3 * row + k]! * width + at]! / 3, 0);
    return bits ? Number(chance[i]! < mean) : mean;
  });
  return tensor(values, [count, ...data.shape]);
}

async function trained(
  data: Dataset,
): Promise<{ readonly model: Model; readonly params: ModelParams }> {
  const model = vae({
    prior: standardNormal(8),
    encoder: gaussianEncoder({ network: mlp({ hidden: [128] }), latent: 8 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [128] }), shape: data.shape }),
  });
  const run = train(model, data, {
    steps: 300,
    batchSize: 64,
    seed: 4,
    primal: adam(3e-3),
    every: 300,
  });
  for await (const { metrics } of run) expect(metrics.elbo).toBeDefined();
  return { model, params: run.take().params };
}

test.each([
  ['bits', true],
  ['means', false],
] as const)(
  'averages of three rows score below the interval of held-out sets and below a VAE’s own samples: %s',
  async (_, bits) => {
    const grey = { train: await digits(1000, 'train'), test: await digits(count, 'test') };
    const sets = bits
      ? { train: binarise(grey.train, 'dynamic'), test: binarise(grey.test, 'dynamic') }
      : grey;
    const network = featureNetwork({ shape: [784], classes: grey.train.classes }, 32);
    const learned = await trainFeatures(
      network,
      async (step) => {
        const read = await sets.train.read(
          integers(fold(key(5), step), 32, 1000),
          fold(key(6), step),
        );
        return toBatch(read, sets.train.shape, 'strokes');
      },
      { key: key(7), steps: 80 },
    );
    const { model, params } = await trained(sets.train);
    const features = (x: Tensor): Tensor => network.features(learned, x);
    const reference = features(
      await rowsOf(
        subset(
          sets.train,
          Uint32Array.from({ length: size }, (_, i) => i),
        ),
        size,
      ),
    );
    const scores = async (x: Tensor): ReturnType<typeof neighbourhoods> =>
      neighbourhoods(features(x), reference, { key: key(8), size });
    const ofData = await scores(await rowsOf(sets.test, count));
    const ofSamples = await scores(drawLike(bits, model, params, key(9), count));
    const ofAverages = await scores(await averages(sets.train, bits));
    // Averages lie in the middle of the data, where precision and density are high: those alone tell nothing.
    for (const figure of ['recall', 'coverage'] satisfies Neighbourhood[]) {
      const { mean, error } = ofData[figure];
      expect(ofAverages[figure].mean).toBeLessThan(mean - 1.96 * error);
      expect(ofAverages[figure].mean).toBeLessThan(ofSamples[figure].mean);
    }
    disposeTree(learned);
  },
);
