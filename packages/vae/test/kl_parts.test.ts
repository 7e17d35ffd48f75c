import { leaves, standardNormal, unflatten, type Params } from '@elbo/core';
import { gaussianDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { gradientsOf } from '@elbo/gradients';
import { flatten, mlp } from '@elbo/networks';
import {
  compose,
  evaluateTerms,
  kl,
  klPart,
  measure,
  reconstruction,
  type Batch,
  type ForwardPass,
  type KlPart,
  type KlPartOptions,
  type Model,
  type ModelParams,
} from '@elbo/objectives';
import { fold, key, normal, type Key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import {
  add,
  fill,
  mul,
  sum,
  tensor,
  tensor2d,
  tidy,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vae } from '../src/index.js';

beforeAll(useWasm);

const parts: readonly KlPart[] = ['information', 'correlation', 'dimensions'];

const parted = (estimator: 'exact' | 'sample' = 'exact'): Model =>
  compose({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ latent: 2 }),
    decoder: gaussianDecoder({ network: flatten(), shape: [2] }),
    terms: [reconstruction(), kl({ estimator }), ...parts.map((part) => klPart({ part }))],
  });

/** Of q(z|x) = N(x, ¼ I). */
const copying = (): Params => ({
  mean: { kernel: tensor2d([1, 0, 0, 1], [2, 2]), bias: fill([2], 0) },
  logVar: { kernel: fill([2, 2], 0), bias: fill([2], Math.log(0.25)) },
});

/** Rows of N(0, [[1, ρ], [ρ, 1]]). */
function correlated(rho: number, rows: number): Tensor2D {
  const noise = normal(key(8), 2 * rows);
  const values = noise.map((value, i) =>
    i % 2 === 0 ? value : rho * noise[i - 1]! + Math.sqrt(1 - rho * rho) * value,
  );
  return tensor2d(values, [rows, 2]);
}

/** A part of each row, and log q(z|x), log p(z) there. */
function costOf(options: KlPartOptions, batch: Batch, at: Key): Float32Array {
  return tidy(() => {
    const model = parted();
    const { decoder } = model.init(key(1), [2]).primal as Record<string, Params>;
    const forward = model.forward({ encoder: copying(), decoder: decoder! }, batch, {
      step: 0,
      key: at,
      training: false,
    });
    const cost = klPart(options).evaluate(forward.pass, {}).cost().dataSync<'float32'>();
    forward.dispose();
    return cost;
  });
}

/** Every metric of a model on rows. */
function metricsOf(
  model: Model,
  params: ModelParams,
  x: Tensor2D,
  at: Key,
): Record<string, number> {
  const measured = measure(model, params, { x }, { step: 0, key: at });
  return Object.fromEntries(
    Object.entries(measured).map(([name, value]) => [name, value.dataSync()[0]!]),
  );
}

const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('the parts of the KL', () => {
  it('add up to it', () => {
    tidy(() => {
      const x = correlated(0.7, 64);
      const measured = (estimator: 'exact' | 'sample', at: Key): Record<string, number> => {
        const model = parted(estimator);
        const { decoder } = model.init(key(1), [2]).primal as Record<string, Params>;
        const params = { primal: { encoder: copying(), decoder: decoder! }, dual: {} };
        return metricsOf(model, params, x, at);
      };
      const sumOf = (found: Record<string, number>): number =>
        found['index-code-information']! +
        found['total-correlation']! +
        found['dimension-wise-kl']!;
      const one = measured('sample', key(2));
      expect(sumOf(one)).toBeCloseTo(one.kl!, 4);
      const sums = Array.from({ length: 60 }, (_, i) => sumOf(measured('exact', fold(key(3), i))));
      const mean = meanOf(sums);
      const error = Math.sqrt(meanOf(sums.map((value) => (value - mean) ** 2)) / sums.length);
      expect(Math.abs(mean - measured('exact', key(4)).kl!)).toBeLessThan(4 * error);
    });
  });

  it('are those of a normal q(z), where the posteriors’ means are normal', () => {
    tidy(() => {
      const rho = 0.8;
      const rows = 700;
      const x = correlated(rho, rows);
      // q(z) = N(0, C + ¼ I).
      const [own, cross] = [1.25, rho];
      const truth = {
        information: 0.5 * Math.log((own ** 2 - cross ** 2) / 0.25 ** 2),
        correlation: -0.5 * Math.log(1 - (cross / own) ** 2),
        dimensions: own - 1 - Math.log(own),
      };
      for (const part of parts) {
        // Of data without an end, of which these rows are some.
        const values = costOf({ part, rows: 1e9 }, { x }, key(5));
        const mean = meanOf(values);
        const error = Math.sqrt(meanOf(values.map((v) => (v - mean) ** 2)) / rows);
        // The logarithm of a mean of 700 densities, a share of them near, is off by about a hundredth.
        expect(Math.abs(mean - truth[part])).toBeLessThan(4 * error + 0.01);
        expect(4 * error).toBeLessThan(0.2);
      }
      expect(
        meanOf(costOf({ part: 'correlation', rows: 1e9 }, { x: correlated(0, rows) }, key(5))),
      ).toBeLessThan(0.05);
    });
  });

  it('by stratified sampling have q(z) of all rows on the average over minibatches', () => {
    tidy(() => {
      const all = Array.from(correlated(0.5, 4).dataSync<'float32'>());
      const row = (i: number): number[] => all.slice(2 * i, 2 * i + 2);
      const x = (...rows: number[]): Batch => ({ x: tensor2d(rows.map(row)) });
      // exp(−information) is q(z)/q(z|x); z is the same, as the first row's noise is.
      const share = (batch: Batch): number =>
        Math.exp(-costOf({ part: 'information', rows: 4 }, batch, key(6))[0]!);
      const exact = share(x(0, 1, 2, 3));
      expect(meanOf([1, 2, 3].map((other) => share(x(0, other))))).toBeCloseTo(exact, 5);
      expect(exact).toBeGreaterThan(0.25);
      const weighted = costOf({ part: 'information' }, x(0, 1, 2, 3), key(6))[0]!;
      expect(Math.exp(-weighted)).toBeCloseTo(exact, 6);
    });
  });

  it('have the gradients of their difference quotients', () => {
    for (const part of parts)
      tidy(() => {
        const encoder = gaussianEncoder({
          network: mlp({ hidden: [4], activation: 'tanh' }),
          latent: 2,
        });
        const model = vae({
          prior: standardNormal(2),
          encoder,
          decoder: gaussianDecoder({ network: flatten(), shape: [2] }),
        });
        const { decoder } = model.init(key(1), [2]).primal as Record<string, Params>;
        const tree = encoder.init(key(2), [2]);
        const directions = leaves(tree).map((leaf, i) =>
          tensor(normal(fold(key(7), i), leaf.size), leaf.shape),
        );
        const x = correlated(0.5, 6);
        const cost = (at: Params): { forward: ForwardPass; value: Scalar } => {
          const forward = model.forward(
            { encoder: at, decoder: decoder! },
            { x },
            {
              step: 0,
              key: key(9),
              training: true,
            },
          );
          return {
            forward,
            value: sum(klPart({ part, rows: 50 }).evaluate(forward.pass, {}).cost()),
          };
        };
        const along = (t: number): number => {
          const moved = leaves(tree).map((leaf, i) => add(leaf, mul(directions[i]!, t)));
          const { forward, value } = cost(unflatten(tree, moved));
          forward.dispose();
          return value.dataSync()[0]!;
        };
        let forward: ForwardPass | undefined;
        const { gradients } = gradientsOf(
          () => {
            const made = cost(tree);
            forward = made.forward;
            return { tree: made.value };
          },
          { tree },
        ).tree;
        forward?.dispose();
        const slope = leaves(gradients).reduce(
          (total, gradient, i) => total + sum(mul(gradient, directions[i]!)).dataSync()[0]!,
          0,
        );
        const h = 1e-2;
        const quotient = (8 * (along(h) - along(-h)) - along(2 * h) + along(-2 * h)) / (12 * h);
        expect(Math.abs(slope - quotient)).toBeLessThan(3e-3 * Math.max(1, Math.abs(quotient)));
        expect(Math.abs(slope)).toBeGreaterThan(0.1);
      });
  });

  it('need a posterior of independent dimensions', () => {
    const model = vae({
      prior: standardNormal(2),
      encoder: gaussianEncoder({ latent: 2, covariance: 'full' }),
      decoder: gaussianDecoder({ network: flatten(), shape: [2] }),
      totalCorrelation: 3,
    });
    expect(() =>
      model.elbo(model.init(key(1), [2]), { x: correlated(0.5, 3) }, key(2)),
    ).not.toThrow();
    expect(() =>
      measure(model, model.init(key(1), [2]), { x: correlated(0.5, 3) }, { step: 0, key: key(2) }),
    ).toThrow(/not independent; take a diagonal/);
  });
});

describe('a β-TCVAE', () => {
  const of = (options: Partial<Parameters<typeof vae>[0]>): Model =>
    vae({
      prior: standardNormal(2),
      encoder: gaussianEncoder({ latent: 2 }),
      decoder: gaussianDecoder({ network: flatten(), shape: [2] }),
      ...options,
    });

  it('adds (β − 1) times the total correlation to minus the ELBO, which it reports as it is', () => {
    tidy(() => {
      const x = correlated(0.7, 16);
      const params = of({}).init(key(1), [2]);
      const found = (model: Model): Record<string, number> => metricsOf(model, params, x, key(2));
      const objective = (model: Model): number => {
        const forward = model.forward(
          params.primal,
          { x },
          { step: 0, key: key(2), training: false },
        );
        const { primal } = evaluateTerms(model, forward, {});
        const value = primal().dataSync()[0]!;
        forward.dispose();
        return value;
      };
      const plain = found(of({}));
      const weighed = found(of({ totalCorrelation: 5 }));
      expect(weighed.elbo).toBe(plain.elbo);
      expect(Math.abs(weighed['total-correlation']!)).toBeGreaterThan(0.01);
      // β = 1: the evidence lower bound.
      expect(objective(of({ totalCorrelation: 0 }))).toBeCloseTo(-plain.elbo!, 5);
      expect(objective(of({ totalCorrelation: 5 }))).toBeCloseTo(
        5 * weighed['total-correlation']! - plain.elbo!,
        4,
      );
    });
  });
});
