import { standardNormal } from '@elbo/core';
import { fromArrays, momentsOf, type Dataset } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { logLikelihood } from '@elbo/evaluation';
import { mlp } from '@elbo/networks';
import { modelCategory, standardised, type Batch, type Model } from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { key, normal } from '@elbo/random';
import { toBatch, train, type State } from '@elbo/training';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vae, vaeRegistry } from '../src/index.js';

const dimensions = 4;

const plain = (): Model =>
  vae({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network: mlp({ hidden: [16] }), latent: 2 }),
    decoder: gaussianDecoder({ network: mlp({ hidden: [16] }), shape: [dimensions] }),
  });

/** 40 rows of four numbers. */
function dataOf(value: (i: number) => number): Dataset {
  const x = Float32Array.from({ length: 40 * dimensions }, (_, i) => value(i));
  return fromArrays({ x, shape: [dimensions], range: 'finite' });
}

const noise = normal(key(1), 40 * dimensions);

async function trained(model: Model, data: Dataset, steps: number, seed = 0): Promise<State> {
  const run = train(model, data, { steps, batchSize: 5, seed, primal: adam(1e-3), every: 1 });
  for await (const { step } of run) expect(step).toBeLessThanOrEqual(steps);
  return run.take();
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('a model as it is', () => {
  it.each<[string, (i: number) => number]>([
    ['near 1e-6', (i) => 1e-6 * (i % 7)],
    ['near 1', (i) => 1 + (i % 7)],
    ['near 10', (i) => 10 + (i % 7)],
    ['near 50', (i) => 50 + (i % 7)],
    ['near 2000', (i) => 2000 + (i % 7)],
    ['about 1e6', (i) => 1e6 * noise[i]!],
    ['1e6 ± 1', (i) => 1e6 + (i % 3) - 1],
  ])('takes a first step at values %s, whatever the seed', async (_, value) => {
    const data = dataOf(value);
    for (let seed = 0; seed < 20; seed++)
      await expect(trained(plain(), data, 1, seed)).resolves.toMatchObject({ step: 1 });
  });
});

describe('a standardised model', () => {
  const standard = async (data: Dataset): Promise<Model> =>
    standardised(plain(), (await momentsOf(data))!);
  const batchOf = async (data: Dataset): Promise<Batch> =>
    toBatch(await data.read(Uint32Array.of(0, 1, 2, 3, 4), key(0)), data.shape, data.name);

  // Powers of two scale float32 numbers and their moments exactly.
  it.each([-100, -20, 4, 20, 100])(
    'of data in units 2^%d times smaller is the same, and its densities are by −D log c',
    async (power) => {
      const c = 2 ** power;
      const [data, scaled] = [
        dataOf((i) => 3 + noise[i]!),
        dataOf((i) => Math.fround(3 + noise[i]!) * c),
      ];
      const [model, other] = [await standard(data), await standard(scaled)];
      const [state, same] = [await trained(model, data, 3), await trained(other, scaled, 3)];
      const { params } = state;
      const [batch, otherBatch] = [await batchOf(data), await batchOf(scaled)];
      const shift = -dimensions * Math.log(c);
      const elbos = (m: Model, b: typeof batch): ArrayLike<number> =>
        m.elbo(params, b, key(2)).dataSync();
      const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
        Array.from(a).forEach((value, i) => {
          // Both are float32 sums of numbers as large as the shift.
          expect(Math.abs(b[i]! - value - shift)).toBeLessThan(1e-6 * (Math.abs(shift) + 100));
        });
      };
      close(elbos(model, batch), elbos(other, otherBatch));
      const likelihoods = async (m: Model, b: typeof batch): Promise<Float64Array> =>
        (await logLikelihood(m, params.primal, b, { key: key(3), samples: 50 })).logLikelihood;
      close(await likelihoods(model, batch), await likelihoods(other, otherBatch));

      const flat = (s: State): number[] =>
        tf.tidy(() => Array.from(model.encode(s.params.primal, batch, key(4)).dataSync()));
      expect(flat(same)).toEqual(flat(state));
      for (const of of [
        (m: Model, b: typeof batch) => m.reconstruct(params.primal, b, key(5)),
        (m: Model) => m.sample(params.primal, key(6), 3),
      ]) {
        const [mine, theirs] = [of(model, batch).dataSync(), of(other, otherBatch).dataSync()];
        expect(Array.from(theirs)).toEqual(Array.from(mine, (value) => value * c));
      }
    },
  );

  it('has the density of the change of variables: a normal of its own mean and σ·sd', async () => {
    const data = dataOf((i) => 1e3 * (i % dimensions) + (1 + (i % dimensions)) * noise[i]!);
    const model = await standard(data);
    const { mean, sd } = model.standard!.moments;
    const params = model.init(key(0), data.shape);
    const z = tf.tensor2d([[0.3, -0.2]]);
    const x = tf.tensor2d([[10, 1010, 1990, 3005]]);
    const p = model.decoder.likelihood(
      params.primal.decoder,
      { training: false, key: key(0) },
      z,
      undefined,
    );
    const centres = p.mean().dataSync();
    const expected = Array.from(x.dataSync()).reduce(
      (sum, value, i) =>
        sum -
        0.5 * Math.log(2 * Math.PI) -
        Math.log(sd[i]!) -
        0.5 * ((value - centres[i]!) / sd[i]!) ** 2,
      0,
    );
    expect(p.logProb(x).dataSync()[0]! / expected).toBeCloseTo(1, 4);
    const draws = p.sample(key(1), 2000);
    const deviation = tf.sqrt(tf.moments(draws, 0).variance).dataSync();
    // The standard error of a standard deviation of n draws is σ/√(2n).
    deviation.forEach((value, i) => {
      expect(Math.abs(value / sd[i]! - 1)).toBeLessThan(4 / Math.sqrt(4000));
    });
    expect(mean[3]).toBeCloseTo(3000, -1);
  });

  it.each<[string, (i: number) => number]>([
    ['1e30', (i) => 1e30 * noise[i]!],
    ['1e-30', (i) => 1e-30 * noise[i]! - 1e-30],
    ['1e6 ± 1', (i) => 1e6 + noise[i]!],
    ['constant columns', (i) => (i % 2 === 0 ? 1e7 : noise[i]!)],
  ])('trains at %s', async (_, value) => {
    const data = dataOf(value);
    for (let seed = 0; seed < 3; seed++)
      await expect(trained(await standard(data), data, 5, seed)).resolves.toMatchObject({
        step: 5,
      });
  });

  it('is built again from its config, and leaves no tensor behind', async () => {
    const data = dataOf((i) => 100 * noise[i]!);
    const model = await standard(data);
    const again = vaeRegistry.build(modelCategory, model.config);
    expect(again.config).toEqual(model.config);
    const params = model.init(key(0), data.shape);
    const batch = await batchOf(data);
    const before = tf.memory().numTensors;
    const [a, b] = [model.elbo(params, batch, key(1)), again.elbo(params, batch, key(1))];
    expect(Array.from(a.dataSync())).toEqual(Array.from(b.dataSync()));
    tf.dispose([a, b]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
