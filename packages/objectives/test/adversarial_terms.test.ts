import { ConfigError, productPrior, standardNormal, type Network, type Shape } from '@elbo/core';
import '@elbo/gradients';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  concat,
  mean,
  reshape,
  setBackend,
  slice,
  sum,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adversarialX,
  adversarialZ,
  compose,
  hinge,
  kl,
  nonSaturating,
  r1,
  reconstruction,
  type ForwardPass,
  type Game,
  type Term,
  type TermEvaluation,
} from '../src/index.js';
import { decoder, diagonalEncoder, prior, someRows } from './world.js';

beforeAll(() => setBackend('cpu'));

const shapes: Shape[] = [];
/** D is the sum of a row. */
const discriminator: Network = {
  config: { kind: 'sums' },
  init: (_key, x) => {
    shapes.push(x);
    return { params: {}, output: [1] };
  },
  apply: (_params, _mode, x) => reshape(sum(reshape(x, [x.shape[0], -1]), 1), [-1, 1]),
};
const D = (x: Tensor): Tensor => discriminator.apply({}, { training: false, key: key(0) }, x);
const values = (tensor: Tensor): number[] => [...tensor.dataSync()];
const close = (tensor: Tensor): unknown[] =>
  values(tensor).map((value) => expect.closeTo(value, 5) as unknown);

const parts = { prior, encoder: diagonalEncoder([0.2, 0.35]), decoder };
const model = compose({ ...parts, terms: [reconstruction(), kl()] });

/** Looks at a term as it is evaluated on a pass of four rows. */
function played(
  term: Term,
  look: (evaluated: TermEvaluation, pass: ForwardPass['pass']) => void,
): void {
  tidy(() => {
    const { primal } = model.init(key(1), [3]);
    const { x } = someRows(4);
    const forward = model.forward(primal, { x }, { step: 0, key: key(2), training: true });
    look(term.evaluate(forward.pass, {}), forward.pass);
    forward.dispose();
  });
}

function expectGame(
  { cost, loss, metrics }: TermEvaluation,
  game: Game,
  [real, fake]: readonly [Tensor, Tensor],
): void {
  expect(values(cost())).toEqual(close(game.cost(D(fake))));
  expect(values(loss!())).toEqual(close(game.loss(D(real), D(fake))));
  const { gap, accuracy } = metrics!();
  expect(values(gap!)[0]).toBeCloseTo(values(mean(D(real)))[0]! - values(mean(D(fake)))[0]!, 5);
  expect(values(accuracy!)).toEqual(close(game.accuracy!(D(real), D(fake))));
}

describe('a game on x', () => {
  it('tells data from means at draws of the prior, unless told otherwise', () => {
    played(adversarialX({ discriminator }), (evaluated, pass) => {
      expectGame(evaluated, nonSaturating(), [pass.x, pass.generated.mean()]);
    });
    played(adversarialX({ discriminator, game: hinge() }), (evaluated, pass) => {
      expectGame(evaluated, hinge(), [pass.x, pass.generated.mean()]);
    });
  });

  it('tells data from reconstructions', () => {
    const term = adversarialX({ discriminator, against: 'reconstructions' });
    played(term, (evaluated, pass) => {
      expectGame(evaluated, nonSaturating(), [pass.x, pass.likelihood.mean()]);
    });
  });

  it('tells data from both, where a row costs the mean of what was made for it', () => {
    const game = hinge();
    played(adversarialX({ discriminator, against: 'both', game }), (evaluated, pass) => {
      const made = [pass.generated.mean(), pass.likelihood.mean()] as const;
      const costs = made.map((each) => values(game.cost(D(each))));
      expect(values(evaluated.cost())).toEqual(
        costs[0]!.map((cost, i) => expect.closeTo((cost + costs[1]![i]!) / 2, 5) as unknown),
      );
      expect(values(evaluated.loss!())).toEqual(
        close(game.loss(D(pass.x), D(concat([...made], 0)))),
      );
    });
  });

  it('is for the decoder alone, and ties a model to its data', () => {
    const term = adversarialX({ discriminator });
    expect(term).toMatchObject({
      name: 'adversarial-x',
      role: 'regulariser',
      needs: [],
      updates: ['decoder'],
      onData: true,
    });
    expect(adversarialX({ discriminator, against: 'both' }).needs).toEqual(['posterior']);
    expect(adversarialX({ discriminator, name: 'other' }).name).toBe('other');
    expect(compose({ prior, decoder, terms: [term] }).encoder).toBeUndefined();
  });

  it('says all that it is', () => {
    expect(adversarialX({ discriminator }).config).toEqual({
      kind: 'adversarial-x',
      discriminator: { kind: 'sums' },
      name: 'adversarial-x',
      game: nonSaturating().config,
      penalties: [],
      against: 'samples',
    });
    const penalties = [r1({ weight: 3 })];
    const { config } = adversarialX({ discriminator, penalties, balance: 0.8, against: 'both' });
    expect(config).toMatchObject({ penalties: [penalties[0]!.config], balance: 0.8 });
    expect(() => adversarialX({ discriminator, balance: 0.5 })).toThrow(ConfigError);
  });

  it('adds its penalties to the critic’s loss', () => {
    // The slope of a sum of three numbers is √3 in length.
    const loss = (term: Term): number => {
      let found = NaN;
      played(term, (evaluated) => (found = values(evaluated.loss!())[0]!));
      return found;
    };
    const more = loss(adversarialX({ discriminator, penalties: [r1({ weight: 2 })] }));
    expect(more - loss(adversarialX({ discriminator }))).toBeCloseTo(3, 4);
  });
});

describe('a game on z', () => {
  it('tells draws of the prior from codes', () => {
    const term = adversarialZ({ discriminator });
    expect(term).toMatchObject({ name: 'adversarial-z', role: 'regulariser' });
    expect(term.needs).toEqual(['posterior']);
    played(term, (evaluated, pass) => {
      expectGame(evaluated, nonSaturating(), [pass.zPrior, pass.z]);
    });
  });

  it('of a part tells that part alone', () => {
    const structured = productPrior({ a: standardNormal(1), b: standardNormal(1) });
    const term = adversarialZ({ discriminator, part: 'b', name: 'of-b' });
    expect(term.config).toMatchObject({ kind: 'adversarial-z', part: 'b', name: 'of-b' });
    shapes.length = 0;
    term.adversary!.init(key(1), [3], [2], structured, undefined);
    adversarialZ({ discriminator }).adversary!.init(key(1), [3], [2], structured, undefined);
    expect(shapes).toEqual([[1], [2]]);
    tidy(() => {
      const { primal } = model.init(key(1), [3]);
      const whole = compose({ ...parts, prior: structured, terms: [reconstruction()] });
      const forward = whole.forward(
        primal,
        { x: someRows(4).x },
        { step: 0, key: key(2), training: true },
      );
      const { pass } = forward;
      const of = (z: Tensor2D): Tensor => slice(z, [0, 1], [-1, 1]);
      expectGame(term.evaluate(pass, {}), nonSaturating(), [of(pass.zPrior), of(pass.z)]);
      expect(values(add(of(pass.z), 0))).not.toEqual(values(slice(pass.z, [0, 0], [-1, 1])));
      forward.dispose();
    });
  });
});
