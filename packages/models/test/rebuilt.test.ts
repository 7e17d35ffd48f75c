// Of every named composition and every term: what its documented defaults are, and that its config alone makes the same
// objective again, which its weights, games and penalties enter.
import {
  aae,
  classification,
  consistency,
  labelledAdversarialZ,
  semiSupervisedAae,
} from '@elbo/aae';
import { avae, cvaeGan, featureMatching, featureReconstruction, vaeGan } from '@elbo/avae';
import { adaptiveContrastKl, adversarialKl, avb } from '@elbo/avb';
import {
  gaussianMixture,
  linear,
  oneHotPrior,
  productPrior,
  standardNormal,
  type Config,
} from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import {
  concatDiscriminator,
  denseDiscriminator,
  projectionDiscriminator,
} from '@elbo/discriminators';
import { anchoredEncoder, gaussianEncoder, structuredEncoder } from '@elbo/encoders';
import '@elbo/gradients';
import { adversarialPair, bigan, gan } from '@elbo/gan';
import { iwae, iwaeBound } from '@elbo/iwae';
import { gaussianNoise, mlp, sequential } from '@elbo/networks';
import {
  adversarialX,
  adversarialZ,
  compose,
  evaluateTerms,
  freeBits,
  gradientPenalty,
  hinge,
  kl,
  klPart,
  leastSquares,
  modelCategory,
  nonSaturating,
  r1,
  reconstruction,
  weight,
  type Model,
} from '@elbo/objectives';
import { key, uniform } from '@elbo/random';
import { vae } from '@elbo/vae';
import {
  absolute,
  dualCritic,
  mmd,
  sinkhorn,
  squaredEuclidean,
  transportCost,
  wvae,
} from '@elbo/wvae';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor1d, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { standard } from '../src/index.js';

beforeAll(() => setBackend('cpu'));

const network = mlp({ hidden: [3], activation: 'tanh' });
const prior = standardNormal(2);
const decoder = bernoulliDecoder({ network, shape: [6] });
const encoder = gaussianEncoder({ network, latent: 2 });
const parts = { prior, encoder, decoder };
const ofData = denseDiscriminator({ hidden: [4, 3] });
const ofPairs = concatDiscriminator({ hidden: [4], zeroOutput: false });
const ofClasses = projectionDiscriminator({ network: mlp({ hidden: [3] }) });
const critic = mlp({ hidden: [3], output: 1 });
const anchored = anchoredEncoder({ network, latent: 2, noise: 2, hidden: [3] });
const mixture = gaussianMixture({
  weights: [1, 1],
  means: [
    [0, 1],
    [2, 0],
  ],
  logVars: [
    [0, 0],
    [0, 0],
  ],
});
const structured = {
  prior: productPrior({ y: oneHotPrior([1, 1]), style: standardNormal(1) }),
  encoder: structuredEncoder({
    network: sequential([gaussianNoise({ sd: 0.3 }), mlp({ hidden: [3] })]),
    parts: { y: { kind: 'softmax', size: 2 }, style: { kind: 'normal', size: 1 } },
  }),
  decoder,
};
const discriminators = { y: critic, style: critic };

/** What both players minimise at two steps, and what is measured in training and outside of it. */
function objectiveOf(
  model: Model,
  moments: readonly (readonly [step: number, training: boolean])[] = [
    [7, true],
    [0, false],
  ],
): Readonly<Record<string, number>> {
  const found: Record<string, number> = {};
  tidy(() => {
    const params = model.init(key(2), [6], [2]);
    const batch = {
      x: tensor2d(uniform(key(1), 24), [4, 6]),
      condition: tensor2d([1, 0, 0, 1, 0, 1, 1, 0], [4, 2]),
      label: tensor1d([0, 1, -1, 1]),
    };
    for (const [step, training] of moments) {
      const forward = model.forward(params.primal, batch, { step, key: key(3), training });
      const evaluated = evaluateTerms(model, forward, params.dual);
      const at = `${step}, ${training ? 'training' : 'not training'}`;
      const note = (name: string, value: { dataSync(): ArrayLike<number> }): void => {
        found[`${name} at ${at}`] = value.dataSync()[0]!;
      };
      note('primal', evaluated.primal());
      note('decoder', evaluated.primal('decoder'));
      note('dual', evaluated.dual());
      for (const [name, value] of Object.entries(evaluated.measure({ primal: true, dual: true })))
        note(name, value);
      forward.dispose();
    }
  });
  return found;
}

/** What a file would hold. */
const written = (config: Config): Config => JSON.parse(JSON.stringify(config)) as Config;

const rules = {
  game: hinge(),
  penalties: [gradientPenalty({ weight: 3, target: 0.5, oneSided: true }), r1({ weight: 2 })],
  balance: 0.9,
};
const rising = linear({ from: 0.5, to: 3, steps: 10 });

/** With every option other than its default. */
const models: readonly (readonly [string, () => Model])[] = [
  [
    'vae',
    () => vae({ ...parts, beta: rising, freeBits: { nats: 3, groups: 1 }, totalCorrelation: 2 }),
  ],
  [
    'vae, weighed',
    () => vae({ ...parts, beta: 4, freeBits: { nats: 2 }, totalCorrelation: rising }),
  ],
  ['iwae', () => iwae({ ...parts, samples: 3, gradient: 'dreg', chunk: 2 })],
  ['avb', () => avb({ ...parts, encoder: anchored, discriminator: ofPairs, contrast: 'adaptive' })],
  [
    'avb, plain',
    () => avb({ ...parts, encoder: anchored, discriminator: ofPairs, contrast: 'plain' }),
  ],
  ['aae', () => aae({ ...parts, discriminator: critic, ...rules, weight: rising })],
  [
    'aae with classes',
    () => aae({ ...parts, prior: mixture, discriminator: critic, classes: 2, weight: 3 }),
  ],
  [
    'semi-supervised',
    () =>
      semiSupervisedAae({
        ...{ ...structured, discriminators, game: leastSquares(), penalties: [r1()] },
        weights: { y: 2, style: rising, classification: 5, consistency: 7 },
      }),
  ],
  ['avae', () => avae({ ...parts, discriminator: ofData, ...rules, beta: 2, gamma: rising })],
  [
    'avae, conditional',
    () => avae({ ...parts, discriminator: ofClasses, conditional: true, beta: rising, gamma: 4 }),
  ],
  ['vae-gan', () => vaeGan({ ...parts, discriminator: ofData, ...rules, beta: rising, gamma: 5 })],
  [
    'cvae-gan',
    () => cvaeGan({ ...parts, discriminator: ofClasses, ...rules, beta: 2, gamma: 3, matching: 6 }),
  ],
  ['cvae-gan, rising', () => cvaeGan({ ...parts, discriminator: ofClasses, matching: rising })],
  [
    'wvae',
    () =>
      wvae({ ...parts, cost: absolute(), divergence: sinkhorn({ iterations: 9 }), weight: rising }),
  ],
  ['gan', () => gan({ prior, decoder, discriminator: ofData, ...rules })],
  ['bigan', () => bigan({ ...parts, discriminator: ofPairs, ...rules })],
  [
    'terms of a VAE',
    () =>
      compose({
        ...parts,
        terms: [
          reconstruction(),
          weight(kl({ estimator: 'sample' }), rising),
          weight(freeBits({ nats: 2, groups: 2 }), 3),
          weight(klPart({ part: 'correlation', rows: 50 }), rising),
          weight(klPart({ part: 'information' }), 2),
          klPart({ part: 'dimensions', rows: 9 }),
          mmd({ name: 'm', kernel: 'rbf', variance: 2, factors: [1, 3] }),
          sinkhorn({ name: 's', epsilon: 0.3, relative: false, iterations: 4 }),
          dualCritic({ critic, penalty: 4, name: 'w' }),
        ],
      }),
  ],
  [
    'a bound',
    () => compose({ ...parts, terms: [iwaeBound({ samples: 4, gradient: 'stl', chunk: 3 })] }),
  ],
  [
    'terms of AVB',
    () =>
      compose({
        ...parts,
        encoder: anchored,
        terms: [
          reconstruction(),
          adversarialKl({ discriminator: ofPairs, name: 'plain' }),
          adaptiveContrastKl({ discriminator: ofPairs, name: 'adaptive', stopGradient: false }),
        ],
      }),
  ],
  [
    'games and features',
    () =>
      compose({
        ...parts,
        terms: [
          adversarialX({ discriminator: ofData, ...rules, against: 'reconstructions', name: 'x' }),
          featureReconstruction({ discriminator: ofData, of: 'x', name: 'like' }),
          featureMatching({ discriminator: ofData, of: 'x', name: 'matched' }),
          adversarialZ({
            discriminator: critic,
            game: nonSaturating({ smoothing: 0.2 }),
            name: 'z',
          }),
          adversarialPair({ discriminator: ofPairs, ...rules, name: 'pair' }),
          transportCost({ cost: absolute() }),
        ],
      }),
  ],
  [
    'games with labels',
    () =>
      compose({
        ...{ ...parts, prior: mixture },
        terms: [
          reconstruction(),
          labelledAdversarialZ({ discriminator: critic, classes: 2, ...rules, name: 'labelled' }),
        ],
      }),
  ],
  [
    'terms of parts of z',
    () =>
      compose({
        ...structured,
        terms: [
          reconstruction(),
          classification({ part: 'y', name: 'class' }),
          consistency({ part: 'style', name: 'stable' }),
          adversarialZ({ discriminator: critic, part: 'style', ...rules, name: 'of-style' }),
          mmd({ part: 'style' }),
          sinkhorn({ part: 'style' }),
          dualCritic({ critic, part: 'style' }),
        ],
      }),
  ],
];

describe('a config makes the same objective again, with every option', () => {
  it.each(models)('%s', (_, make) => {
    const model = make();
    const again = standard.build(modelCategory, written(model.config));
    expect(again.config).toEqual(model.config);
    const objective = objectiveOf(model);
    expect(Object.values(objective).every(Number.isFinite)).toBe(true);
    expect(objectiveOf(again)).toEqual(objective);
  });
});

/** What is said in documentation where nothing is said. */
const defaults: readonly (readonly [string, () => readonly [Model, Model]])[] = [
  ['vae', () => [vae(parts), vae({ ...parts, beta: 1 })]],
  [
    'iwae',
    () => [iwae({ ...parts, samples: 3 }), iwae({ ...parts, samples: 3, gradient: 'standard' })],
  ],
  [
    'avb',
    () => [
      avb({ ...parts, encoder: anchored, discriminator: ofPairs }),
      avb({ ...parts, encoder: anchored, discriminator: ofPairs, contrast: 'anchored' }),
    ],
  ],
  [
    'aae',
    () => [
      aae({ ...parts, discriminator: critic }),
      aae({ ...parts, discriminator: critic, game: nonSaturating(), penalties: [], weight: 1 }),
    ],
  ],
  [
    'semi-supervised',
    () => [
      semiSupervisedAae({ ...structured, discriminators }),
      semiSupervisedAae({
        ...{ ...structured, discriminators },
        weights: { y: 10, style: 10, classification: 20, consistency: 0 },
      }),
    ],
  ],
  [
    'avae',
    () => [
      avae({ ...parts, discriminator: ofData }),
      avae({ ...parts, discriminator: ofData, beta: 1, gamma: 1 }),
    ],
  ],
  [
    'vae-gan',
    () => [
      vaeGan({ ...parts, discriminator: ofData }),
      vaeGan({ ...parts, discriminator: ofData, beta: 1, gamma: 1 }),
    ],
  ],
  [
    'cvae-gan',
    () => [
      cvaeGan({ ...parts, discriminator: ofClasses }),
      cvaeGan({ ...parts, discriminator: ofClasses, beta: 1, gamma: 0, matching: 1 }),
    ],
  ],
  [
    'wvae',
    () => [wvae(parts), wvae({ ...parts, cost: squaredEuclidean(), divergence: mmd(), weight: 1 })],
  ],
];

describe('what is not said is as documented', () => {
  it.each(defaults)('%s', (_, make) => {
    const [plain, said] = make();
    expect(plain.config).toEqual(said.config);
    expect(objectiveOf(plain)).toEqual(objectiveOf(said));
  });

  it('terms have the names, parts and weights of their documentation', () => {
    const of = (given: { readonly config: Config; readonly name: string }): unknown => given.config;
    expect(of(consistency())).toEqual(of(consistency({ part: 'y', name: 'consistency' })));
    expect(of(classification())).toEqual(of(classification({ part: 'y', name: 'classification' })));
    expect(of(dualCritic({ critic }))).toMatchObject({ penalty: 10, name: 'dual-critic' });
    expect(of(adaptiveContrastKl({ discriminator: ofPairs }))).toMatchObject({
      stopGradient: true,
      name: 'kl',
    });
    expect(of(featureMatching({ discriminator: ofData }))).toMatchObject({ of: 'adversarial-x' });
    expect([mmd().name, sinkhorn().name, transportCost().name]).toEqual([
      'mmd',
      'sinkhorn',
      'cost',
    ]);
  });

  it('a weight of 0 leaves a term out', () => {
    const names = (weights: object): readonly string[] =>
      semiSupervisedAae({ ...structured, discriminators, weights }).terms.map(({ name }) => name);
    expect(names({})).toEqual([
      ...['reconstruction', 'adversarial-y', 'adversarial-style', 'classification'],
    ]);
    expect(names({ classification: 0 })).not.toContain('classification');
    expect(names({ consistency: 1 })).toContain('consistency');
  });
});

describe('a weight is a factor of what its term costs', () => {
  const primal = (model: Model): number =>
    objectiveOf(model, [[0, true]])['primal at 0, training']!;
  it.each<[string, (weight: number) => Model]>([
    ['β of a VAE', (beta) => vae({ ...parts, beta })],
    ['total correlation', (totalCorrelation) => vae({ ...parts, totalCorrelation })],
    ['of an AAE', (weight) => aae({ ...parts, discriminator: critic, weight })],
    ['of a class', (y) => semiSupervisedAae({ ...structured, discriminators, weights: { y } })],
    [
      'of a style',
      (style) => semiSupervisedAae({ ...structured, discriminators, weights: { style } }),
    ],
    [
      'of labels',
      (classification) =>
        semiSupervisedAae({ ...structured, discriminators, weights: { classification } }),
    ],
    [
      'of consistency',
      (consistency) =>
        semiSupervisedAae({ ...structured, discriminators, weights: { consistency } }),
    ],
    ['β of an AVAE', (beta) => avae({ ...parts, discriminator: ofData, beta })],
    ['γ of an AVAE', (gamma) => avae({ ...parts, discriminator: ofData, gamma })],
    ['β of a VAE-GAN', (beta) => vaeGan({ ...parts, discriminator: ofData, beta })],
    ['γ of a VAE-GAN', (gamma) => vaeGan({ ...parts, discriminator: ofData, gamma })],
    ['matching', (matching) => cvaeGan({ ...parts, discriminator: ofClasses, matching })],
    ['λ', (weight) => wvae({ ...parts, weight })],
  ])('%s', (_, of) => {
    const [one, two, four] = [1, 2, 4].map((factor) => primal(of(factor)));
    expect(Math.abs(two! - one!)).toBeGreaterThan(1e-5);
    expect((four! - one!) / (two! - one!)).toBeCloseTo(3, 1);
  });
});
