import {
  CompositionError,
  ConfigError,
  createRegistry,
  defineKind,
  flatten,
  gaussianMixture,
  priorCategory,
  priorKinds,
  type Params,
  type Prior,
} from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend, tensor1d, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  compose,
  decoderCategory,
  encoderCategory,
  evaluateTerms,
  kl,
  learnedGaussianMixture,
  modelCategory,
  objectiveKinds,
  reconstruction,
  vampPrior,
  type Encoder,
  type ForwardPass,
  type LearnedPrior,
  type Model,
} from '../src/index.js';
import { decoder, diagonalEncoder, someRows } from './world.js';

const encoder = diagonalEncoder([0.2, 0.35]);
const mixture = learnedGaussianMixture({ dim: 2, components: 3, spread: 2 });
const vamp = vampPrior({ dim: 2, components: 3, unit: false });
const modelOf = (prior: Prior): Model =>
  compose({ prior, encoder, decoder, terms: [reconstruction(), kl()] });
const values = (tensor: Tensor): number[] => [...tensor.dataSync()];
const points = tensor2d(
  normal(key(4), 20).map((value) => 2 * value),
  [10, 2],
);
const draws = 20_000;

/** Fails unless draws of a prior have these means and second moments, within four standard errors. */
function expectMoments(prior: Prior, mean: readonly number[], square: readonly number[]): void {
  const z = values(prior.sample(key(9), draws));
  for (const d of [0, 1])
    for (const [power, expected] of [
      [1, mean[d]!],
      [2, square[d]!],
    ] as const) {
      const powers = Array.from({ length: draws }, (_, i) => z[2 * i + d]! ** power);
      const found = powers.reduce((a, b) => a + b) / draws;
      const variance = powers.reduce((a, b) => a + (b - found) ** 2, 0) / draws;
      expect(Math.abs(found - expected)).toBeLessThan(4 * Math.sqrt(variance / draws));
    }
}

beforeAll(async () => {
  await setBackend('cpu');
});

describe('a learned mixture', () => {
  const numbers = {
    weights: [0.5, 0.2, 0.3],
    means: [
      [1, -2],
      [0, 0.5],
      [-3, 1],
    ],
    logVars: [
      [0, -1],
      [0.4, 0.2],
      [-0.5, 1],
    ],
  };
  const params = (): Params => ({
    // Only differences between logits count.
    logits: tensor1d(numbers.weights.map((weight) => Math.log(weight) + 5)),
    means: tensor2d(numbers.means),
    logVars: tensor2d(numbers.logVars),
  });
  const bound = (): Prior => mixture.bind(params(), () => ({ sample: () => points }));

  it('has the density of the fixed mixture of its parameters', () => {
    tidy(() => {
      const fixed = values(gaussianMixture(numbers).logProb(points));
      values(bound().logProb(points)).forEach((value, i) => {
        expect(value).toBeCloseTo(fixed[i]!, 4);
      });
    });
  });

  it('starts with means that are spread as one is told, and by a standard normal else', () => {
    const meansOf = (spread?: number): number[] => {
      const started = learnedGaussianMixture({
        dim: 2,
        components: 3,
        ...(spread !== undefined && { spread }),
      });
      return tidy(() => values(started.init(key(1), [3]).means as Tensor));
    };
    expect(meansOf()).toEqual(meansOf(1));
    for (const [i, mean] of meansOf(2).entries()) expect(mean).toBeCloseTo(2 * meansOf()[i]!, 5);
  });

  it('is sampled from', () => {
    tidy(() => {
      const { weights, means, logVars } = numbers;
      const of = (f: (c: number, d: number) => number): number[] =>
        [0, 1].map((d) => weights.reduce((sum, weight, c) => sum + weight * f(c, d), 0));
      expectMoments(
        bound(),
        of((c, d) => means[c]![d]!),
        of((c, d) => means[c]![d]! ** 2 + Math.exp(logVars[c]![d]!)),
      );
    });
  });
});

describe('a VampPrior', () => {
  /** The density of q(z|u) at the points, [10], for each pseudo-input u. */
  const ofPosteriors = (params: Params, inputs: Tensor): number[][] =>
    [...Array(inputs.shape[0]).keys()].map((row) => {
      const one = tensor2d(values(inputs).slice(3 * row, 3 * row + 3), [1, 3]);
      const mode = { training: false, key: key(0) };
      return values(encoder.posterior(params, mode, one, undefined).logProb(points));
    });

  it('has the mean density of the posteriors at its inputs', () => {
    tidy(() => {
      for (const components of [1, 3]) {
        const model = modelOf(vampPrior({ dim: 2, components, unit: false }));
        const { primal } = model.init(key(1), [3]);
        const inputs = (primal.prior as { inputs: Tensor }).inputs;
        expect(inputs.shape).toEqual([components, 3]);
        const parts = ofPosteriors(primal.encoder!, inputs);
        values(model.priorOf(primal).logProb(points)).forEach((value, i) => {
          const mean = parts.reduce((sum, part) => sum + Math.exp(part[i]!), 0) / components;
          expect(Math.abs(value - Math.log(mean))).toBeLessThan(1e-4 * (1 + Math.abs(value)));
        });
      }
    });
  });

  it('is sampled from, each posterior as often as the others', () => {
    tidy(() => {
      const model = modelOf(vamp);
      const { primal } = model.init(key(1), [3]);
      const prior = model.priorOf(primal) as Prior & { posterior: { q: { location: Tensor } } };
      const means = values(prior.posterior.q.location);
      const average = (f: (mean: number) => number): number[] =>
        [0, 1].map((d) => [0, 1, 2].reduce((sum, k) => sum + f(means[2 * k + d]!) / 3, 0));
      const squares = average((mean) => mean * mean);
      expectMoments(
        prior,
        average((mean) => mean),
        squares.map((square, d) => square + [0.2, 0.35][d]!),
      );
    });
  });

  it('of data in [0, 1] has inputs there', () => {
    tidy(() => {
      const model = modelOf(vampPrior({ dim: 2, components: 4, unit: true }));
      const prior = model.priorOf(model.init(key(1), [3]).primal) as Prior & { inputs: Tensor };
      expect(values(prior.inputs).every((value) => value > 0 && value < 1)).toBe(true);
    });
  });
});

describe.each<readonly [string, LearnedPrior]>([
  ['mixture', mixture],
  ['VampPrior', vamp],
])('a model with a learned %s', (_, prior) => {
  const registry = createRegistry(
    ...objectiveKinds,
    ...priorKinds,
    defineKind('diagonal', encoderCategory, { variances: v.array(v.number()) }, () => encoder),
    defineKind('linear', decoderCategory, {}, () => decoder),
  );

  it('trains it: every parameter is reached', () => {
    tidy(() => {
      const model = modelOf(prior);
      const { primal } = model.init(key(1), [3]);
      let forward: ForwardPass | undefined;
      const { all } = gradientsOf(
        () => {
          forward = model.forward(
            primal,
            { x: someRows(4).x },
            { step: 0, key: key(2), training: true },
          );
          return { all: evaluateTerms(model, forward, {}).primal() };
        },
        { all: primal },
      );
      forward?.dispose();
      expect(all.unreached).toEqual([]);
      for (const { tensor } of flatten(all.gradients.prior as Params))
        expect(values(tensor).some((value) => value !== 0)).toBe(true);
    });
  });

  it('is rebuilt from its config, and used with nothing left behind', () => {
    const model = modelOf(prior);
    const built = registry.build(priorCategory, JSON.parse(JSON.stringify(prior.config)) as never);
    const again = modelOf(built);
    expect(again.config).toEqual(model.config);
    const params = model.init(key(1), [3]);
    const { x } = someRows(4);
    const before = memory().numTensors;
    const [a, b] = [model, again].map((each) => {
      const elbo = each.elbo(params, { x }, key(3));
      const sample = each.sample(params.primal, key(4), 5);
      const read = [values(elbo), values(sample)];
      elbo.dispose();
      sample.dispose();
      return read;
    });
    expect(a).toEqual(b);
    expect(memory().numTensors).toBe(before);
    expect(registry.build(modelCategory, model.config as never).config).toEqual(model.config);
  });

  it('has no density without its parameters, and says where it has one', () => {
    expect(() => prior.logProb(points)).toThrow(CompositionError);
    expect(() => prior.sample(key(1), 2)).toThrow(/priorOf\(params\)/);
  });
});

describe('composition', () => {
  it('refuses a learned prior that does not fit, by name', () => {
    const sampledOnly: Encoder<'posterior'> = { ...encoder, offers: ['posterior'] };
    expect(() =>
      compose({ prior: vamp, encoder: sampledOnly, decoder, terms: [reconstruction()] }),
    ).toThrow(/prior 'vamp' needs logProb, but the encoder 'diagonal' offers posterior/);
    expect(() => modelOf(vamp).init(key(1), [3], [2])).toThrow(/without a condition/);
    expect(() => learnedGaussianMixture({ dim: 2, components: 0 })).toThrow(ConfigError);
    expect(() => vampPrior({ dim: 0.5, components: 1, unit: true })).toThrow(/'dim' must be/);
  });
});
