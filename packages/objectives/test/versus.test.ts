import { ShapeError, standardNormal, type Network } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  concat,
  mean,
  mul,
  reshape,
  setBackend,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adversarialZ,
  dataCritic,
  gradientPenalty,
  hinge,
  leastSquares,
  nonSaturating,
  r1,
  versus,
  wasserstein,
  type Game,
  type Match,
} from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const read = (f: () => Tensor): readonly number[] => tidy(() => [...f().dataSync()]);
const scores = (values: readonly number[]) => tensor2d([...values], [values.length, 1]);

describe('games', () => {
  const games: readonly Game[] = [
    nonSaturating(),
    nonSaturating({ smoothing: 0.1 }),
    hinge(),
    leastSquares(),
    wasserstein(),
  ];

  it.each(games)('$config.kind: higher scores cost the maker less', ({ cost, costOfReal }) => {
    const fake = read(() => cost(scores([-1, 0, 0.5])));
    expect(fake).toHaveLength(3);
    expect(fake[0]).toBeGreaterThan(fake[1]!);
    expect(fake[1]).toBeGreaterThan(fake[2]!);
    const real = read(() => costOfReal(scores([0.25, 0.5, 1])));
    expect(real[0]).toBeLessThan(real[1]!);
    expect(real[1]).toBeLessThan(real[2]!);
  });

  it('least squares cost half the squared distance from the label of the other side', () => {
    const { cost, costOfReal } = leastSquares();
    expect(read(() => cost(scores([1, 0, 3])))).toEqual([0, 0.5, 2]);
    expect(read(() => costOfReal(scores([0, 1, -2])))).toEqual([0, 0.5, 2]);
  });

  /** Where the critic's loss is least for a point whose density is `p` among the real and `q` among the fake. */
  const optimum = (game: Game, p: number, q: number): number => {
    const grid = Array.from({ length: 4001 }, (_, i) => -4 + i / 500);
    const real = grid.map((t) => read(() => game.loss(scores([t]), scores([0])))[0]!);
    const fake = grid.map((t) => read(() => game.loss(scores([0]), scores([t])))[0]!);
    const losses = grid.map((_, i) => p * real[i]! + q * fake[i]!);
    return grid[losses.indexOf(Math.min(...losses))]!;
  };

  it('are optimal at log p/q, sign(p − q) and p/(p + q)', () => {
    // The grid's step is 1/500.
    expect(optimum(nonSaturating(), 0.6, 0.2)).toBeCloseTo(Math.log(3), 2);
    expect(optimum(hinge(), 0.6, 0.2)).toBe(1);
    expect(optimum(hinge(), 0.2, 0.6)).toBe(-1);
    expect(optimum(leastSquares(), 0.6, 0.2)).toBeCloseTo(0.75, 2);
  });

  it('smoothing moves the optimum to the log-odds of the smoothed label', () => {
    // Where no sample is fake, σ(D) = 1 − s.
    expect(optimum(nonSaturating({ smoothing: 0.1 }), 1, 0)).toBeCloseTo(Math.log(9), 2);
  });

  it('refuse what cannot be played', () => {
    expect(() => nonSaturating({ smoothing: 0.5 })).toThrow('smoothing');
    const discriminator = { config: { kind: 'none' }, apply: () => 0 } as unknown as Network;
    expect(() => adversarialZ({ discriminator, balance: 0.4 })).toThrow('over 0.5');
    expect(() => adversarialZ({ discriminator, balance: 0.8, game: wasserstein() })).toThrow(
      "the game 'wasserstein' has none",
    );
  });
});

const n = 200;
const real = () => tensor2d(normal(key(1), 2 * n), [n, 2]);
const fake = () => tensor2d(normal(key(2), 4 * n), [2 * n, 2]);
/** D(x) = w·x: its slope is ‖w‖ everywhere. */
const linear = (w: Tensor) => (x: Tensor) => sum(mul(x, w), 1, true);

describe('penalties', () => {
  const of = (slope: readonly [number, number], penalty = gradientPenalty()): number =>
    read(() => penalty.of({ critic: linear(tensor1d([...slope])), real, fake, key: key(3) }))[0]!;

  it('measure the slope of a linear critic, with as many or more fake rows', () => {
    expect(of([3, 4])).toBeCloseTo(10 * 16, 3);
    expect(of([0.3, 0.4])).toBeCloseTo(10 * 0.25, 4);
    expect(of([0.3, 0.4], gradientPenalty({ oneSided: true }))).toBe(0);
    expect(of([3, 4], gradientPenalty({ target: 0, weight: 2 }))).toBeCloseTo(50, 3);
    expect(of([3, 4], r1({ weight: 4 }))).toBeCloseTo(50, 3);
  });

  it('have the gradient 2λ(‖w‖ − 1) w/‖w‖, and none that is NaN at a flat critic', () => {
    const gradient = (w: readonly [number, number]): readonly number[] =>
      tidy(() => {
        const at = tensor1d([...w]);
        const found = gradientsOf(
          () => ({
            d: gradientPenalty().of({ critic: linear(at), real, fake, key: key(3) }),
          }),
          { d: { w: at } },
        );
        return [...(found.d.gradients.w as Tensor).dataSync()];
      });
    const [a, b] = gradient([3, 4]);
    expect(a).toBeCloseTo(20 * 4 * 0.6, 2);
    expect(b).toBeCloseTo(20 * 4 * 0.8, 2);
    for (const value of gradient([0, 0])) expect(value).toBeCloseTo(0, 5);
  });
});

describe('versus', () => {
  const match = (rest: Partial<Match> = {}): Match => ({
    game: nonSaturating(),
    penalties: [],
    balance: undefined,
    name: 'match',
    critic: linear(tensor1d([1, 0])),
    real: () => add<Tensor2D>(real(), 3),
    fake: () => add<Tensor2D>(fake(), -3),
    key: key(4),
    ...rest,
  });

  it('adds the penalties to the loss', () => {
    const [without] = read(() => versus(match()).loss());
    const [withOne] = read(() => versus(match({ penalties: [r1({ weight: 6 })] })).loss());
    expect(withOne).toBeCloseTo(without! + 3, 4);
  });

  it('measures W₁ of two shifted samples by the Lipschitz critic that shows it', () => {
    // Means of 200 and 400 standard normals, 6 apart: 4 standard errors.
    const [gap] = read(() => versus(match({ game: wasserstein() })).metrics().gap!);
    expect(Math.abs(gap! - 6)).toBeLessThan(4 * Math.sqrt(1 / 200 + 1 / 400));
  });

  it('lets a critic that is too good rest, and its opponent when it is too bad', () => {
    const slope = (player: 'loss' | 'cost', sign: 1 | -1): number =>
      tidy(() => {
        const w = tensor1d([sign, 0]);
        const found = gradientsOf(
          () => {
            const contest = versus(match({ balance: 0.8, critic: linear(w) }));
            return { d: player === 'loss' ? contest.loss() : mean<Scalar>(contest.cost()) };
          },
          { d: { w } },
        );
        return Math.abs((found.d.gradients.w as Tensor).dataSync()[0]!);
      });
    // With w = (1, 0) the critic tells the samples apart always, with (−1, 0) never.
    expect(slope('loss', 1)).toBe(0);
    expect(slope('cost', 1)).toBeGreaterThan(0);
    expect(slope('loss', -1)).toBeGreaterThan(0);
    expect(slope('cost', -1)).toBe(0);
    // Who rests shows what it costs all the same.
    for (const sign of [1, -1]) {
      const shown = (balance: number | undefined): readonly number[] => {
        const contest = versus(match({ balance, critic: linear(tensor1d([sign, 0])) }));
        return read(() => concat([reshape(contest.loss(), [1]), contest.cost()]));
      };
      const [own, gated] = [shown(undefined), shown(0.8)];
      for (const [i, value] of own.entries()) expect(gated[i]).toBeCloseTo(value, 5);
    }
  });
});

describe('a structured z', () => {
  it('is refused by a part that the prior does not have', () => {
    const discriminator = { config: { kind: 'none' }, apply: () => 0 } as unknown as Network;
    const { adversary } = adversarialZ({ discriminator, part: 'style' });
    expect(() => adversary!.init(key(1), [1], [2], standardNormal(2), undefined)).toThrow(
      "has no part 'style'",
    );
  });
});

describe('a critic of data with conditions', () => {
  it('judges every copy of the batch with the conditions of its rows', () => {
    const discriminator: Network<[Tensor, Tensor]> = {
      config: { kind: 'product' },
      init: () => ({ params: {}, output: [1] }),
      apply: (_params, _mode, x, c) => sum(mul(x, c), 1, true),
    };
    const critic = dataCritic({ conditional: true, discriminator }, 'test');
    const [x, condition] = [tensor2d([1, 2, 3, 4], [2, 2]), tensor2d([1, 0, 0, 1], [2, 2])];
    const mode = { training: false, key: key(1) };
    const found = read(() => critic.scores({}, mode, { x, condition })(concat([x, mul(x, 10)], 0)));
    expect(found).toEqual([1, 4, 10, 40]);
    expect(() => critic.init(key(1), [2], undefined)).toThrow('these data have no condition');
    expect(() => critic.scores({}, mode, { x, condition: undefined })(x)).toThrow(ShapeError);
  });
});
