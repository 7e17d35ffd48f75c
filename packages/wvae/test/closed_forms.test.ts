import { normal, productPrior, standardNormal, type Network } from '@elbo/core';
import '@elbo/gradients';
import { key, normal as draw } from '@elbo/random';
import { mmd2, sinkhornDivergence } from '@elbo/objectives';
import '@tensorflow/tfjs-backend-cpu';
import {
  mul,
  setBackend,
  slice,
  square,
  tensor,
  tensor2d,
  tidy,
  zerosLike,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  absolute,
  dualCritic,
  mmd,
  sinkhorn,
  squaredEuclidean,
  transportCost,
} from '../src/index.js';

beforeAll(() => setBackend('cpu'));

const values = (make: () => Tensor): number[] => tidy(() => [...make().dataSync()]);
const close = (numbers: readonly number[]): unknown[] =>
  numbers.map((value) => expect.closeTo(value, 4) as unknown);
const rows = 5;
const codes = () => tensor2d(draw(key(1), 2 * rows), [rows, 2]);
const draws = () => tensor2d(draw(key(2), 2 * rows), [rows, 2]);

/** What the terms of this package read of a pass. */
const passOf = (training: boolean, more: object = {}): never =>
  ({
    ...{ prior: standardNormal(2), z: codes(), zPrior: draws(), key: key(3), step: 0, training },
    ...more,
  }) as never;

describe('a cost', () => {
  // Two rows of images of 1 × 2 × 2.
  const x = () => tensor([1, 2, 3, 4, 0, 0, 0, 0], [2, 1, 2, 2]);
  const y = () => tensor([1, 0, 6, 4, 1, -1, 2, -3], [2, 1, 2, 2]);

  it('is the sum of squares, or of sizes, over all of a row', () => {
    expect(values(() => squaredEuclidean().of(x(), y()))).toEqual([13, 15]);
    expect(values(() => absolute().of(x(), y()))).toEqual([5, 7]);
  });

  it('of a model is between the data and the means of what is made of their codes', () => {
    const pass = () => passOf(true, { x: x(), likelihood: normal(y(), zerosLike(y())) });
    const of = (term: ReturnType<typeof transportCost>): number[] =>
      values(() => term.evaluate(pass(), {}).cost());
    expect(of(transportCost())).toEqual([13, 15]);
    expect(of(transportCost({ cost: absolute() }))).toEqual([5, 7]);
    expect(transportCost()).toMatchObject({ name: 'cost', role: 'regulariser', onData: true });
    expect(transportCost().config).toEqual({
      ...{ kind: 'transport-cost', cost: squaredEuclidean().config },
    });
  });
});

describe('a divergence compares codes and draws', () => {
  const cost = (term: ReturnType<typeof mmd>, pass = passOf(true)): number[] =>
    values(() => term.evaluate(pass, {}).cost());

  it('by the options that it is given', () => {
    expect(cost(mmd())).toEqual(values(() => mmd2(codes(), draws())));
    const kernel = { kernel: 'rbf', factors: [1] } as const;
    expect(cost(mmd(kernel))).toEqual(values(() => mmd2(codes(), draws(), kernel)));
    const few = { iterations: 3, epsilon: 0.4 };
    expect(cost(sinkhorn(few))).toEqual(
      values(() => sinkhornDivergence(codes(), draws(), few).value),
    );
    const { violation } = sinkhorn(few).evaluate(passOf(true), {}).metrics!();
    expect(values(() => violation!)).toEqual(
      values(() => sinkhornDivergence(codes(), draws(), few).violation),
    );
  });

  it('of a part of z alone, under a name of its own', () => {
    const prior = productPrior({ a: standardNormal(1), b: standardNormal(1) });
    const of = (z: Tensor2D): Tensor2D => slice(z, [0, 1], [-1, 1]);
    const term = mmd({ part: 'b', name: 'of-b' });
    expect([term.name, term.config]).toEqual([
      'of-b',
      expect.objectContaining({ part: 'b', name: 'of-b' }),
    ]);
    expect(cost(term, passOf(true, { prior }))).toEqual(
      close(values(() => mmd2(of(codes()), of(draws())))),
    );
    expect(mmd().config).not.toHaveProperty('part');
  });
});

describe('the dual critic', () => {
  /** f(z) = 3 z₁, whose slope is 3 everywhere; or z₁², whose slope is 2 |z₁|. */
  const critic = (score: (z: Tensor) => Tensor): Network => ({
    config: { kind: 'test' },
    init: () => ({ params: {}, output: [1] }),
    apply: (_params, _mode, z) => score(slice(z as Tensor2D, [0, 0], [-1, 1])),
  });
  const tripled = critic((z) => mul(z, 3));
  const squared = critic((z) => square(z));
  const first = (make: () => Tensor2D): number[] =>
    tidy(() =>
      make()
        .arraySync()
        .map(([value]) => value!),
    );
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((a, b) => a + b) / numbers.length;
  const metrics = (of: Network, training: boolean): Record<string, number> =>
    tidy(() =>
      Object.fromEntries(
        Object.entries(dualCritic({ critic: of }).evaluate(passOf(training), {}).metrics!()).map(
          ([name, value]) => [name, value.dataSync()[0]!],
        ),
      ),
    );

  it('estimates W₁ by its gap, and of any slope by that over its largest slope', () => {
    const gap = 3 * (mean(first(draws)) - mean(first(codes)));
    const found = metrics(tripled, false);
    expect(found.gap).toBeCloseTo(gap, 4);
    expect(found.slope).toBeCloseTo(3, 4);
    expect(found.distance).toBeCloseTo(gap / 3, 4);
    const largest = 2 * Math.max(...[...first(draws), ...first(codes)].map(Math.abs));
    expect(metrics(squared, false).slope).toBeCloseTo(largest, 3);
  });

  it('shows its gap alone while it trains', () => {
    expect(Object.keys(metrics(tripled, true))).toEqual(['gap']);
  });

  it('pays for slopes over 1, and for none below', () => {
    const loss = (of: Network, penalty?: number): number =>
      values(() =>
        dualCritic({ critic: of, ...(penalty !== undefined && { penalty }) }).evaluate(
          passOf(true),
          {},
        ).loss!(),
      )[0]!;
    const gap = mean(first(draws)) - mean(first(codes));
    expect(loss(tripled)).toBeCloseTo(-3 * gap + 10 * (3 - 1) ** 2, 3);
    expect(loss(tripled, 2)).toBeCloseTo(-3 * gap + 2 * (3 - 1) ** 2, 3);
    const flat = critic((z) => mul(z, 0.5));
    expect(loss(flat)).toBeCloseTo(-0.5 * gap, 4);
    expect(values(() => dualCritic({ critic: tripled }).evaluate(passOf(true), {}).cost())).toEqual(
      close(first(codes).map((value) => -3 * value)),
    );
  });
});

it('a critic that is only measured is not asked as in training', () => {
  const asked: boolean[] = [];
  const critic: Network = {
    config: { kind: 'critic' },
    init: () => ({ params: {}, output: [1] }),
    apply: (_params, mode, z) => {
      asked.push(mode.training);
      return slice(z, [0, 0], [-1, 1]);
    },
  };
  for (const training of [true, false]) {
    asked.length = 0;
    const { gap, distance } = tidy(() => {
      const metrics = dualCritic({ critic }).evaluate(passOf(training), {}).metrics!();
      return Object.fromEntries(
        Object.entries(metrics).map(([name, value]) => [name, value.dataSync()[0]!]),
      );
    });
    expect(new Set(asked)).toEqual(new Set([training]));
    // Its slope is 1 everywhere; and a distance takes a derivative, which training does without.
    expect(distance).toEqual(training ? undefined : expect.closeTo(gap!, 5));
  }
});
