import { ConfigError, type Network } from '@elbo/core';
import '@elbo/gradients';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { mul, reshape, setBackend, sum, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import {
  accuracy,
  calibrationError,
  dataCritic,
  gradientPenalty,
  hinge,
  leastSquares,
  logisticLoss,
  nonSaturating,
  r1,
  rulesOf,
  versus,
  wasserstein,
  type Game,
  type Penalty,
} from '../src/index.js';

beforeAll(() => setBackend('cpu'));

const read = (f: () => Tensor): number[] => tidy(() => [...f().dataSync()]);
const column = (values: readonly number[]) => tensor2d([...values], [values.length, 1]);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b) / values.length;
const close = (values: readonly number[]): unknown[] =>
  values.map((value) => expect.closeTo(value, 5) as unknown);
const sigma = (t: number): number => 1 / (1 + Math.exp(-t));

const real = [2, -0.5, 0.3];
const fake = [-1.5, 0.7];

describe('a game on some scores', () => {
  const minusLog = (p: number): number => -Math.log(p);
  const plus = (value: number): number => Math.max(0, value);
  it.each<[string, Game, number, (t: number) => number, (t: number) => number]>([
    [
      'non-saturating',
      nonSaturating(),
      mean(real.map((t) => minusLog(sigma(t)))) + mean(fake.map((t) => minusLog(1 - sigma(t)))),
      (t) => minusLog(sigma(t)),
      (t) => minusLog(1 - sigma(t)),
    ],
    [
      'smoothed',
      nonSaturating({ smoothing: 0.2 }),
      mean(real.map((t) => 0.8 * minusLog(sigma(t)) + 0.2 * minusLog(1 - sigma(t)))) +
        mean(fake.map((t) => minusLog(1 - sigma(t)))),
      (t) => minusLog(sigma(t)),
      (t) => minusLog(1 - sigma(t)),
    ],
    [
      'hinge',
      hinge(),
      mean(real.map((t) => plus(1 - t))) + mean(fake.map((t) => plus(1 + t))),
      (t) => -t,
      (t) => t,
    ],
    [
      'least squares',
      leastSquares(),
      mean(real.map((t) => (t - 1) ** 2 / 2)) + mean(fake.map((t) => t ** 2 / 2)),
      (t) => (t - 1) ** 2 / 2,
      (t) => t ** 2 / 2,
    ],
    ['Wasserstein', wasserstein(), mean(fake) - mean(real), (t) => -t, (t) => t],
  ])('%s: its loss and costs are those of its paper', (_, game, loss, cost, costOfReal) => {
    expect(read(() => game.loss(column(real), column(fake)))).toEqual(close([loss]));
    expect(read(() => game.cost(column(fake)))).toEqual(close(fake.map(cost)));
    expect(read(() => game.costOfReal(column(real)))).toEqual(close(real.map(costOfReal)));
  });

  it('is right where a score lies on its side of what the critic cannot tell', () => {
    const of = (game: Game): number[] =>
      read(() => game.accuracy!(column([0.3, 0.7, 2]), column([-1, 0.2, 0.4, 0.6])));
    // Over 0: all three real and one of four fake. Over ½: two of three, and three of four.
    for (const game of [nonSaturating(), hinge()])
      expect(of(game)).toEqual(close([(1 + 1 / 4) / 2]));
    expect(of(leastSquares())).toEqual(close([(2 / 3 + 3 / 4) / 2]));
    expect(wasserstein().accuracy).toBeUndefined();
  });

  it('smooths labels by a share from 0 to below a half, and none unless told', () => {
    expect(nonSaturating().config).toEqual({ kind: 'non-saturating', smoothing: 0 });
    expect(() => nonSaturating({ smoothing: 0 })).not.toThrow();
    for (const smoothing of [-0.01, 0.5, NaN])
      expect(() => nonSaturating({ smoothing })).toThrow(ConfigError);
  });
});

describe('a discriminator’s logits', () => {
  const sides = { positive: () => column(real), negative: () => column(fake) };

  it('have the cross entropy of their labels', () => {
    const expected =
      mean(real.map((t) => -Math.log(sigma(t)))) + mean(fake.map((t) => -Math.log(1 - sigma(t))));
    expect(read(() => logisticLoss(sides))).toEqual(close([expected]));
    expect(read(() => accuracy(sides))).toEqual(close([(2 / 3 + 1 / 2) / 2]));
  });

  it('are as far from calibrated as their bins say, both samples counting equally', () => {
    const bins = 2;
    const all = [
      ...real.map((t) => ({ p: sigma(t), label: 1, share: 0.5 / real.length })),
      ...fake.map((t) => ({ p: sigma(t), label: 0, share: 0.5 / fake.length })),
    ];
    const expected = (count: number): number =>
      Array.from({ length: count }, (_, bin) =>
        Math.abs(
          all
            .filter(({ p }) => Math.min(count - 1, Math.floor(p * count)) === bin)
            .reduce((sum, { p, label, share }) => sum + share * (p - label), 0),
        ),
      ).reduce((a, b) => a + b);
    expect(read(() => calibrationError(sides, bins))).toEqual(close([expected(bins)]));
    expect(read(() => calibrationError(sides))).toEqual(close([expected(10)]));
    expect(expected(bins)).not.toBeCloseTo(expected(10), 2);
  });

  it('that are sure are in the last bin', () => {
    const sure = { positive: () => column([100]), negative: () => column([100]) };
    expect(read(() => calibrationError(sure))).toEqual(close([0.5]));
  });
});

/** D(x) = x², whose slope at x is 2 |x|. */
const squared = (x: Tensor): Tensor => reshape(mul(x, x), [-1, 1]);

describe('a penalty', () => {
  const of = (penalty: Penalty, reals: number[], fakes: number[]): number =>
    read(() =>
      penalty.of({
        critic: squared,
        real: () => column(reals),
        fake: () => column(fakes),
        key: key(3),
      }),
    )[0]!;

  test('of the real samples is of their slopes alone', () => {
    // γ/2 E (2x)².
    expect(of(r1({ weight: 3 }), [1, 2], [50, 60])).toBeCloseTo(1.5 * mean([4, 16]), 4);
    expect(of(r1(), [1, 2], [50, 60])).toBeCloseTo(5 * mean([4, 16]), 4);
  });

  test('between samples is of slopes between them', () => {
    // Where both are at x the slope is that at x.
    expect(of(gradientPenalty(), [2], [2])).toBeCloseTo(10 * (4 - 1) ** 2, 3);
    expect(of(gradientPenalty({ target: 3 }), [2], [2, 2])).toBeCloseTo(10, 3);
    // Between 1 and 2 slopes are from 2 to 4, and even over that: E (2x − 1)² = 13/3.
    const many = 4000;
    const found = of(
      gradientPenalty({ weight: 1 }),
      Array.from({ length: many }, () => 1),
      Array.from({ length: many }, () => 2),
    );
    // (2x − 1)² ranges over 8, so its standard deviation is below 4.
    expect(Math.abs(found - 13 / 3)).toBeLessThan((4 * 4) / Math.sqrt(many));
  });

  test('on one side is free up to its target', () => {
    const oneSided = gradientPenalty({ oneSided: true, target: 3 });
    expect(of(oneSided, [1], [1])).toBe(0);
    expect(of(oneSided, [2], [2])).toBeCloseTo(10, 3);
    expect(of(gradientPenalty({ target: 3 }), [1], [1])).toBeCloseTo(10, 3);
  });

  test('has the weight of its paper unless told, and needs a positive one', () => {
    expect(gradientPenalty().config).toEqual({
      ...{ kind: 'gradient', weight: 10, target: 1, oneSided: false },
    });
    expect(r1().config).toEqual({ kind: 'r1', weight: 10 });
    expect(() => gradientPenalty({ target: 0 })).not.toThrow();
    for (const weight of [0, -1, NaN]) {
      expect(() => gradientPenalty({ weight })).toThrow(ConfigError);
      expect(() => r1({ weight })).toThrow(ConfigError);
    }
    expect(() => gradientPenalty({ target: -0.1 })).toThrow(ConfigError);
  });
});

describe('a match', () => {
  const match = (more: Partial<Parameters<typeof versus>[0]> = {}) =>
    versus({
      ...{ game: nonSaturating(), penalties: [], balance: undefined, name: 'match', key: key(1) },
      critic: (x) => x,
      real: () => column(real),
      fake: () => column(fake),
      ...more,
    });

  it('shows by how much the real samples score more, and how often the critic is right', () => {
    const { gap, accuracy: right } = match().metrics();
    expect(read(() => gap!)).toEqual(close([mean(real) - mean(fake)]));
    expect(read(() => right!)).toEqual(close([(2 / 3 + 1 / 2) / 2]));
    expect(Object.keys(match({ game: wasserstein() }).metrics())).toEqual(['gap']);
  });

  it('is lost and paid for as its game says', () => {
    const game = leastSquares();
    const own = (): ReturnType<typeof match> => match({ game });
    expect(read(() => own().loss())).toEqual(read(() => game.loss(column(real), column(fake))));
    expect(read(() => own().cost())).toEqual(read(() => game.cost(column(fake))));
    expect(read(() => own().costOfReal())).toEqual(read(() => game.costOfReal(column(real))));
  });

  it('adds its penalties, of which no two draw the same', () => {
    const half = r1({ weight: 2 });
    const critic = squared;
    const own = (penalties: readonly Penalty[]): number =>
      read(() => match({ penalties, critic }).loss())[0]!;
    const penalised = own([half]) - own([]);
    expect(penalised).toBeCloseTo(mean(real.map((x) => 4 * x * x)), 4);
    expect(own([half, half, half]) - own([])).toBeCloseTo(3 * penalised, 4);
    const drawn: number[] = [];
    const drawing: Penalty = {
      config: { kind: 'test' },
      of: (penalised) => {
        const found = gradientPenalty({ weight: 1 }).of({ ...penalised, critic });
        drawn.push(found.dataSync<'float32'>()[0]!);
        return found;
      },
    };
    const equal = () => column([1, 1, 1]);
    read(() =>
      match({ penalties: [drawing, drawing], real: equal, fake: () => column([4, 4, 4]) }).loss(),
    );
    expect(drawn).toHaveLength(2);
    expect(drawn[0]).not.toBeCloseTo(drawn[1]!, 3);
  });
});

describe('the rules of a match', () => {
  it('are the non-saturating game without penalties, where both always play, unless told', () => {
    const { game, penalties, balance, config } = rulesOf({}, 'test');
    expect([game.config, penalties, balance]).toEqual([nonSaturating().config, [], undefined]);
    expect(config).toEqual({ game: nonSaturating().config, penalties: [] });
  });

  it('are written down as they are', () => {
    const { config } = rulesOf({ game: hinge(), penalties: [r1()], balance: 0.9 }, 'test');
    expect(config).toEqual({ game: { kind: 'hinge' }, penalties: [r1().config], balance: 0.9 });
  });

  it('balance players by an accuracy over a half, up to 1', () => {
    expect(() => rulesOf({ balance: 1 }, 'test')).not.toThrow();
    for (const balance of [0.5, 1.01, NaN])
      expect(() => rulesOf({ balance }, 'test')).toThrow(ConfigError);
  });
});

describe('a critic of data', () => {
  const seen: unknown[] = [];
  const discriminator: Network = {
    config: { kind: 'sums' },
    init: (_key, x) => {
      seen.push(x);
      return { params: {}, output: [1] };
    },
    apply: (_params, _mode, x) => sum(x, 1, true),
  };

  it('that sees no condition scores data alone', () => {
    const critic = dataCritic({ discriminator }, 'test');
    expect(critic.config).toEqual({ discriminator: { kind: 'sums' } });
    critic.init(key(1), [2], undefined);
    expect(seen).toEqual([[2]]);
    const x = tensor2d([1, 2, 3, 4], [2, 2]);
    const mode = { training: false, key: key(1) };
    expect(read(() => critic.scores({}, mode, { x, condition: undefined })(x))).toEqual([3, 7]);
  });
});
