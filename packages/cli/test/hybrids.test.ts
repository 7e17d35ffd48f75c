// A hybrid of each two families: it trains, goes on from a checkpoint to the same bits, and is rebuilt from its config.
import { featureReconstruction } from '@elbo/avae';
import {
  adam,
  adaptiveContrastKl,
  anchoredEncoder,
  innerProductDiscriminator,
  mlp,
  train,
} from '@elbo/avb';
import { selectBackend } from '@elbo/backends';
import { gaussiansOnCircle, leaves, standardNormal, type Prior } from '@elbo/core';
import { binarise, strokes } from '@elbo/datasets';
import {
  adversarialPair,
  concatDiscriminator,
  denseDiscriminator,
  gaussianEncoder,
} from '@elbo/gan';
import { iwaeBound } from '@elbo/iwae';
import { standard } from '@elbo/models';
import {
  adversarialX,
  adversarialZ,
  compose,
  hinge,
  kl,
  measure,
  modelCategory,
  r1,
  reconstruction,
  vampPrior,
  weight,
  type Model,
  type ModelParams,
} from '@elbo/objectives';
import { key } from '@elbo/random';
import {
  decodeCheckpoint,
  initialState,
  memoryStore,
  stateFrom,
  toBatch,
  type State,
  type TrainOptions,
} from '@elbo/training';
import { bernoulliDecoder } from '@elbo/vae';
import { mmd, sinkhorn, transportCost } from '@elbo/wvae';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { dispose } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

const latent = 2;
const data = binarise(strokes({ size: 400 }), 'static');
const held = binarise(strokes({ size: 64, split: 'validation' }), 'static');

const network = mlp({ hidden: [32] });
const gaussian = gaussianEncoder({ network, latent });
const anchored = anchoredEncoder({ network, latent, noise: 2, hidden: [8] });
const decoder = bernoulliDecoder({ network, shape: data.shape });
const prior = standardNormal(latent);
const clusters = gaussiansOnCircle({ components: 5, radius: 2, scale: 0.4 });

const onZ = denseDiscriminator({ hidden: [16] });
const onX = denseDiscriminator({ hidden: [16] });
const onPairs = concatDiscriminator({ hidden: [16] });
const onCodes = innerProductDiscriminator({ x: network, z: network, features: 8 });

const avbKl = adaptiveContrastKl({ discriminator: onCodes, stopGradient: false });
const gameOnX = weight(
  adversarialX({ discriminator: onX, against: 'both', penalties: [r1()] }),
  0.1,
);
const sampleGame = weight(adversarialX({ discriminator: onX, game: hinge() }), 0.1);
const pairGame = weight(adversarialPair({ discriminator: onPairs }), 0.1);
const features = featureReconstruction({ discriminator: onX });

type Parts = Pick<Parameters<typeof compose>[0], 'terms'> & { readonly prior?: Prior };
const explicit = ({ prior: given = prior, terms }: Parts): Model =>
  compose({ prior: given, encoder: gaussian, decoder, terms: terms as never });
const implicit = ({ prior: given = prior, terms }: Parts): Model =>
  compose({ prior: given, encoder: anchored, decoder, terms: terms as never });

/** By the families it is made of: a hybrid, and the cost that must fall. */
const hybrids: readonly (readonly [families: string, model: Model, cost: string])[] = [
  [
    'vae + iwae: pseudo-inputs as the prior of a bound of several samples',
    compose({
      prior: vampPrior({ dim: latent, components: 4, unit: true }),
      encoder: gaussian,
      decoder,
      terms: [iwaeBound({ samples: 3, gradient: 'dreg' })],
    }),
    'bound',
  ],
  ['vae + avb', implicit({ terms: [reconstruction(), weight(avbKl, 0.5)] }), 'reconstruction'],
  [
    'vae + aae',
    explicit({
      terms: [reconstruction(), weight(kl(), 0.1), adversarialZ({ discriminator: onZ })],
    }),
    'reconstruction',
  ],
  [
    'vae + wvae',
    explicit({ terms: [reconstruction(), kl(), weight(mmd(), 10)] }),
    'reconstruction',
  ],
  ['vae + avae', explicit({ terms: [reconstruction(), kl(), gameOnX] }), 'reconstruction'],
  ['vae + gan', explicit({ terms: [reconstruction(), kl(), sampleGame] }), 'reconstruction'],
  [
    'iwae + aae',
    explicit({ terms: [iwaeBound({ samples: 3 }), adversarialZ({ discriminator: onZ })] }),
    'bound',
  ],
  ['iwae + wvae', explicit({ terms: [iwaeBound({ samples: 3 }), weight(mmd(), 10)] }), 'bound'],
  ['iwae + avae', explicit({ terms: [iwaeBound({ samples: 3 }), gameOnX] }), 'bound'],
  ['iwae + gan', explicit({ terms: [iwaeBound({ samples: 3 }), pairGame] }), 'bound'],
  [
    'avb + aae',
    implicit({ terms: [reconstruction(), avbKl, adversarialZ({ discriminator: onZ })] }),
    'reconstruction',
  ],
  [
    'avb + wvae',
    implicit({ terms: [reconstruction(), avbKl, sinkhorn({ iterations: 10 })] }),
    'reconstruction',
  ],
  ['avb + avae', implicit({ terms: [reconstruction(), avbKl, gameOnX] }), 'reconstruction'],
  ['avb + gan', implicit({ terms: [reconstruction(), avbKl, pairGame] }), 'reconstruction'],
  [
    'aae + wvae',
    implicit({
      prior: clusters,
      terms: [transportCost(), adversarialZ({ discriminator: onZ }), mmd()],
    }),
    'cost',
  ],
  [
    'aae + avae: a mixture as the prior, features of a critic of data',
    implicit({
      prior: clusters,
      terms: [
        reconstruction(),
        weight(features, 0.1),
        gameOnX,
        adversarialZ({ discriminator: onZ }),
      ],
    }),
    'reconstruction',
  ],
  [
    'aae + gan',
    implicit({
      prior: clusters,
      terms: [reconstruction(), adversarialZ({ discriminator: onZ }), pairGame],
    }),
    'reconstruction',
  ],
  [
    'wvae + avae',
    implicit({ terms: [transportCost(), sinkhorn({ iterations: 10 }), gameOnX] }),
    'cost',
  ],
  ['wvae + gan', implicit({ terms: [transportCost(), mmd(), pairGame] }), 'cost'],
  ['avae + gan', explicit({ terms: [reconstruction(), gameOnX, pairGame] }), 'reconstruction'],
];

const options: TrainOptions = {
  steps: 60,
  batchSize: 16,
  seed: 3,
  primal: adam(3e-3),
  dual: adam(1e-3),
  every: 30,
};

async function runToEnd(model: Model, how: TrainOptions): Promise<State> {
  const run = train(model, data, how);
  for await (const report of run)
    expect(Object.values(report.metrics).every(Number.isFinite)).toBe(true);
  return run.take();
}

const bitsOf = (state: State): readonly Uint32Array[] =>
  leaves({ ...state.params, ...state.optimiser }).map(
    (tensor) => new Uint32Array(tensor.dataSync().slice().buffer),
  );

async function costOf(model: Model, params: ModelParams, name: string): Promise<number> {
  const rows = await held.read(
    Uint32Array.from({ length: held.size }, (_, i) => i),
    key(0),
  );
  const batch = toBatch(rows, held.shape, held.name);
  const measured = measure(model, params, batch, { step: options.steps, key: key(5) });
  const value = measured[name]?.dataSync()[0];
  dispose([Object.values(measured), Object.values(batch)]);
  return value!;
}

describe('a hybrid of', () => {
  beforeAll(async () => {
    setThreadsCount(1);
    await selectBackend({ backend: 'wasm' });
  });

  it.each(hybrids)('%s', async (_, model, cost) => {
    const store = memoryStore();
    const through = await runToEnd(model, { ...options, checkpoint: { store, every: 30 } });

    const rules = { primal: options.primal, dual: options.dual! };
    const like = initialState(model, rules, { seed: options.seed, x: data.shape, ema: false });
    expect(await costOf(model, through.params, cost)).toBeLessThan(
      await costOf(model, like.params, cost),
    );

    const again = standard.build(
      modelCategory,
      JSON.parse(JSON.stringify(model.config)) as typeof model.config,
    );
    const [half] = (await store.list()).toSorted();
    const from = stateFrom(decodeCheckpoint(await store.read(half!), half!), like, half!);
    expect(from.step).toBe(30);
    const rest = await runToEnd(again, { ...options, from });
    expect(bitsOf(rest)).toEqual(bitsOf(through));
  });
});

describe('nonsense is refused, with its reason', () => {
  it('iwae + avb: a bound holds its own divergence', () => {
    expect(() => implicit({ terms: [iwaeBound({ samples: 3 }), avbKl] })).toThrow(
      /needs logProb|would count it twice/,
    );
    expect(() => explicit({ terms: [iwaeBound({ samples: 3 }), avbKl] })).toThrow(
      'would count it twice',
    );
  });

  it('a game over codes alone', () => {
    expect(() => explicit({ terms: [adversarialZ({ discriminator: onZ })] })).toThrow(
      'Nothing ties this model to the data',
    );
  });

  it('features of a critic that nobody trains', () => {
    expect(() => explicit({ terms: [reconstruction(), features] })).toThrow("'adversarial-x'");
  });
});
