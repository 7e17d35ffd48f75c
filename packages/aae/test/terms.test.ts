import { flatten, oneHotPrior, productPrior, standardNormal, type Network } from '@elbo/core';
import { gaussianDecoder } from '@elbo/decoders';
import { structuredEncoder } from '@elbo/encoders';
import { gradientsOf } from '@elbo/gradients';
import { gaussianNoise, mlp } from '@elbo/networks';
import {
  compose,
  evaluateTerms,
  gradientPenalty,
  hinge,
  reconstruction,
  termCategory,
} from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import {
  mean,
  square,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  aaeRegistry,
  classification,
  consistency,
  labelledAdversarialZ,
  semiSupervisedAae,
} from '../src/index.js';

beforeAll(useWasm);

const prior = productPrior({ y: oneHotPrior([1, 1, 1]), style: standardNormal(1) });

describe('classification', () => {
  const z = (): Tensor2D =>
    tensor2d([
      [0.7, 0.2, 0.1, 5],
      [0.1, 0.6, 0.3, -5],
      [0.2, 0.3, 0.5, 1],
      [0.4, 0.4, 0.2, 0],
    ]);
  const labels = [0, -1, 1, -1];
  const evaluated = (of: Tensor2D, label: readonly number[] | undefined) =>
    classification().evaluate(
      { prior, z: of, label: label && tensor1d([...label], 'float32') } as never,
      {},
    );

  it('is −log of the label’s probability, and 0 of rows without a label', () => {
    const cost = tidy(() => [...evaluated(z(), labels).cost().dataSync()]);
    expect(cost[0]).toBeCloseTo(-Math.log(0.7), 5);
    expect(cost[2]).toBeCloseTo(-Math.log(0.3), 5);
    expect([cost[1], cost[3]]).toEqual([0, 0]);
    expect(tidy(() => sum(evaluated(z(), undefined).cost()).dataSync()[0])).toBe(0);
  });

  it('has no gradient at rows without a label, nor at the style', () => {
    const slopes = tidy(() => {
      const at = z();
      const { p } = gradientsOf(() => ({ p: mean<Scalar>(evaluated(at, labels).cost()) }), {
        p: { at },
      });
      return [...(p.gradients.at as Tensor2D).dataSync()];
    });
    const reached = slopes.flatMap((slope, i) => (slope === 0 ? [] : [i]));
    expect(reached).toEqual([0, 9]);
    expect(slopes[0]).toBeCloseTo(-1 / 0.7 / 4, 4);
  });

  it('counts the labelled rows that it gets right', () => {
    const accuracy = (label: readonly number[]): number =>
      tidy(() => evaluated(z(), label).metrics!().accuracy!.dataSync()[0]!);
    expect(accuracy(labels)).toBe(0.5);
    expect(accuracy([0, 1, 2, -1])).toBe(1);
    expect(accuracy([-1, -1, -1, -1])).toBe(0);
  });
});

describe('consistency', () => {
  const x = (): Tensor2D => tensor2d(normal(key(5), 2 * rows), [rows, 2]);
  const [rows, sd] = [2000, 0.1];
  const model = (network: Network) =>
    compose({
      prior: standardNormal(2),
      encoder: structuredEncoder({ network, parts: { y: { kind: 'point', size: 2 } } }),
      decoder: gaussianDecoder({ network: mlp({ hidden: [3] }), shape: [2], sigma: 1 }),
      terms: [reconstruction()],
    });
  const noisy = model(gaussianNoise({ sd }));
  const prior = productPrior({ y: standardNormal(2) });

  /** Its cost of each row, and ‖W‖² of the head. */
  const measured = (of: typeof noisy, training: boolean) =>
    tidy(() => {
      const { primal } = of.init(key(1), [2]);
      const forward = of.forward(primal, { x: x() }, { step: 0, key: key(2), training });
      const pass = {
        prior,
        z: forward.pass.z,
        key: forward.pass.key,
        posteriorAgain: forward.pass.posteriorAgain,
      };
      const cost = consistency()
        .evaluate(pass as never, {})
        .cost()
        .dataSync();
      const kernel = flatten(primal).find(({ path }) => path.includes('kernel'))!;
      const trace = sum(square(kernel.tensor)).dataSync()[0]!;
      return { cost: [...cost], trace };
    });

  it('is the squared distance of two noisy codes, its mean 2σ²‖W‖² of a linear encoder', () => {
    const { cost, trace } = measured(noisy, true);
    const mean = cost.reduce((a, b) => a + b) / rows;
    const exact = 2 * sd * sd * trace;
    // A row's standard deviation is √2 of its mean at most, that of a single χ².
    expect(Math.abs(mean / exact - 1)).toBeLessThan(4 * Math.sqrt(2 / rows));
  });

  it('is 0 outside training, and of an encoder without noise', () => {
    const zero = Array.from({ length: rows }, () => 0);
    expect(measured(noisy, false).cost).toEqual(zero);
    expect(measured(model(mlp({ hidden: [3] })), true).cost).toEqual(zero);
  });
});

describe('the semi-supervised model', () => {
  const network = mlp({ hidden: [6], activation: 'tanh' });
  const critic = mlp({ hidden: [5], output: 1 });
  const model = semiSupervisedAae({
    prior,
    encoder: structuredEncoder({
      network,
      parts: { y: { kind: 'softmax', size: 3 }, style: { kind: 'point', size: 1 } },
    }),
    decoder: gaussianDecoder({ network, shape: [2], sigma: 1 }),
    discriminators: { y: critic, style: critic },
  });

  /** The paths of primal parameters that a term's cost has a gradient at. */
  const reached = (name: string): string[] =>
    tidy(() => {
      const { primal, dual } = model.init(key(1), [2]);
      const batch = { x: tensor2d(normal(key(2), 8), [4, 2]), label: tensor1d([0, 1, -1, 2]) };
      const term = model.terms.find((each) => each.name === name)!;
      const { p } = gradientsOf(
        () => {
          const forward = model.forward(primal, batch, { step: 0, key: key(3), training: true });
          return { p: mean<Scalar>(term.evaluate(forward.pass, dual[name] ?? {}).cost()) };
        },
        { p: primal },
      );
      return flatten(p.gradients)
        .filter(({ tensor }) => tensor.dataSync().some((value) => value !== 0))
        .map(({ path }) => path);
    });

  it('moves each head by its own game, and the decoder by neither', () => {
    const [y, style] = [reached('adversarial-y'), reached('adversarial-style')];
    expect(y).toContain('encoder/heads/y/kernel');
    expect(y.some((path) => path.includes('style') || path.startsWith('decoder'))).toBe(false);
    expect(style).toContain('encoder/heads/style/kernel');
    expect(style.some((path) => path.includes('/y/') || path.startsWith('decoder'))).toBe(false);
    expect(reached('classification').some((path) => path.includes('style'))).toBe(false);
  });

  it('trains each discriminator on its own part', () => {
    const unreached = tidy((): string[] => {
      const { primal, dual } = model.init(key(1), [2]);
      const batch = { x: tensor2d(normal(key(2), 8), [4, 2]) };
      const { d } = gradientsOf(
        () => {
          const forward = model.forward(primal, batch, { step: 0, key: key(3), training: true });
          return { d: evaluateTerms(model, forward, dual).dual() };
        },
        { d: dual },
      );
      return [...d.unreached];
    });
    expect(unreached).toEqual([]);
  });
});

it('a game with labels is built again from its config, with the rules that it was given', () => {
  const given = {
    discriminator: mlp({ hidden: [4], output: 1 }),
    classes: 3,
    name: 'by-label',
    game: hinge(),
    penalties: [gradientPenalty({ weight: 2 })],
  };
  const { config } = labelledAdversarialZ(given);
  expect(config).toMatchObject({ classes: 3, name: 'by-label', game: hinge().config });
  expect(aaeRegistry.build(termCategory, config).config).toEqual(config);
});
