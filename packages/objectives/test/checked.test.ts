import { ElboError, ShapeError, standardNormal, type Prior } from '@elbo/core';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  cast,
  concat,
  expandDims,
  fill,
  mean,
  ones,
  reshape,
  scalar,
  setBackend,
  stack,
  sum,
  tensor1d,
  tidy,
  zeros,
  type Rank,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adversarialX,
  adversarialZ,
  compose,
  evaluateTerms,
  kl,
  measure,
  reconstruction,
  standardised,
  term,
  weight,
  type Ability,
  type Classes,
  type Decoder,
  type Encoder,
  type Model,
  type ModelParams,
  type Pass,
  type Term,
  type TermEvaluation,
} from '../src/index.js';
import { checkedPrior } from '../src/checks/checked_parts.js';
import { decoder, exactEncoder, prior, someRows } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const parts = { prior, encoder: exactEncoder, decoder };
type World = Encoder<'posterior' | 'logProb' | 'moments'>;
const bound = [reconstruction(), kl()];
/** A term of one's own beside the bound. */
const beside = (play: Partial<TermEvaluation>, rest: Partial<Term<never>> = {}): Model =>
  compose({
    ...parts,
    terms: [
      ...bound,
      {
        ...term({
          config: { kind: 'test' },
          name: 'mine',
          role: 'regulariser',
          needs: [],
          evaluate: () => ({ cost: () => scalar(0), ...play }),
        }),
        ...rest,
      },
    ],
  });

/** What a first evaluation on five rows says. */
const said = (model: Model): Error | undefined => {
  let thrown: Error | undefined;
  tidy(() => {
    try {
      const { x } = someRows(5);
      measure(model, model.init(key(1), [3]), { x }, { step: 0, key: key(2) });
    } catch (error) {
      thrown = error as Error;
    }
  });
  return thrown;
};
const refused = (model: Model, message: RegExp): void => {
  const error = said(model);
  expect(error).toBeInstanceOf(ShapeError);
  expect(error!.message).toMatch(message);
};

describe('what a term gives', () => {
  it('is taken where it is what it should be', () => {
    expect(said(beside({}))).toBeUndefined();
    expect(said(beside({ cost: () => ones([5]) }))).toBeUndefined();
    expect(said(beside({ metrics: () => ({ m: scalar(1) }) }))).toBeUndefined();
  });

  it.each([
    ['[5, 4]', () => ones([5, 4])],
    ['[4]', () => ones([4])],
    ['[1]', () => ones([1])],
    ['[5, 1]', () => ones([5, 1])],
    ['[5] of int32', () => cast(ones([5]), 'int32')],
    ['number', () => 3 as never],
    ['undefined', () => undefined as never],
    ['a promise', () => Promise.resolve(ones([5])) as never],
  ] as const)('is refused as a cost of %s', (shape, cost) => {
    const text = `The term 'mine': its cost should be [5], one number for each row of the minibatch, or a scalar, and is ${shape};`;
    expect(said(beside({ cost }))?.message).toContain(text);
  });

  it('is refused as a loss or a metric that is no scalar', () => {
    const adversary = { parts: [], init: () => ({ w: scalar(1) }) };
    refused(
      beside({ loss: () => ones([5]) as never }, { adversary }),
      /'mine': its loss should be \[\], and is \[5\]/,
    );
    refused(
      beside({ metrics: () => ({ m: ones([5, 1]) as never }) }),
      /'mine': its metric 'm' should be \[\], and is \[5, 1\]/,
    );
  });

  it('is weighed by a number', () => {
    const weighed = (factor: () => number): Model =>
      compose({
        ...parts,
        terms: [reconstruction(), weight(kl(), { config: { kind: 'mine' }, at: factor })],
      });
    const loss = (model: Model): void => {
      tidy(() => {
        const { x } = someRows(5);
        const { primal } = model.init(key(1), [3]);
        const forward = model.forward(primal, { x }, { step: 0, key: key(2), training: true });
        evaluateTerms(model, forward, {}).primal();
      });
    };
    expect(() => {
      loss(weighed(() => NaN));
    }).toThrow(/The weight of the term 'kl' at step 0 .* is NaN/);
    expect(() => {
      loss(weighed(() => ones([5]) as never));
    }).toThrow(/The weight of the term 'kl'/);
    expect(() => {
      loss(weighed(() => 0.5));
    }).not.toThrow();
  });

  it('makes no ELBO of each row where all costs are means', () => {
    const terms = [
      { ...reconstruction(), evaluate: () => ({ cost: () => scalar(1) }) },
      { ...kl(), evaluate: () => ({ cost: () => scalar(1) }) },
    ];
    const model = compose({ ...parts, terms });
    tidy(() => {
      const { x } = someRows(5);
      expect(() => model.elbo(model.init(key(1), [3]), { x }, key(2))).toThrow(
        /The ELBO of each row, by the terms 'reconstruction' and 'kl', should be \[5\], and is \[\]/,
      );
    });
  });
});

describe('what a part of a model gives', () => {
  const changed = (encoder: Partial<ReturnType<World['posterior']>>): Model =>
    compose({
      ...parts,
      encoder: {
        ...exactEncoder,
        posterior: (...given: Parameters<World['posterior']>) => ({
          ...exactEncoder.posterior(...given),
          ...encoder,
        }),
      },
      terms: [reconstruction(), kl({ estimator: 'sample' })],
    });
  const withDecoder = (logProb: (x: Tensor) => Tensor): Model => {
    const mine: Decoder = {
      ...decoder,
      likelihood: (...given) => ({
        ...decoder.likelihood(...given),
        logProb: logProb as never,
      }),
    };
    return compose({ ...parts, decoder: mine, terms: bound });
  };
  const withPrior = (members: Partial<Prior>): Model =>
    compose({
      ...parts,
      prior: { ...standardNormal(2), ...members },
      terms: [reconstruction(), kl({ estimator: 'sample' })],
    });

  it('is refused of an encoder: draws of z, and densities', () => {
    const name = "The encoder 'exact'";
    expect(said(changed({}))).toBeUndefined();
    refused(
      changed({ sample: () => ones([1, 2]) }),
      new RegExp(`${name}: a draw of z should be \\[5, 2\\], and is \\[1, 2\\]`),
    );
    refused(changed({ sample: () => ones([5, 1]) }), /a draw of z should be \[5, 2\]/);
    refused(
      changed({ logProb: () => scalar(0) as never }),
      new RegExp(`${name}: log q\\(z\\|x\\) should be \\[5\\], and is \\[\\]`),
    );
    refused(changed({ logProb: () => ones([5, 1]) as never }), /and is \[5, 1\]/);
  });

  it('is refused of a decoder: the log probability of each row', () => {
    expect(said(withDecoder((x) => sum(x, 1)))).toBeUndefined();
    refused(
      withDecoder((x) => mean(x)),
      /The decoder 'linear': log p\(x\|z\) should be \[5\], and is \[\]/,
    );
    refused(
      withDecoder((x) => sum(x, 0)),
      /should be \[5\], and is \[3\]/,
    );
    refused(
      withDecoder((x) => expandDims(sum(x, 1), 1)),
      /and is \[5, 1\]/,
    );
  });

  type Posterior = ReturnType<World['posterior']>;
  const reading = (
    posterior: object,
    read: (q: Posterior & Partial<Classes>) => unknown,
    offers: readonly Ability[] = ['posterior', 'logProb', 'moments'],
  ): Error | undefined => {
    const model = compose({
      ...parts,
      encoder: {
        ...exactEncoder,
        offers,
        // As one writes it without a compiler.
        posterior: () => posterior as Posterior,
      } as World,
      terms: [
        reconstruction(),
        {
          ...kl(),
          needs: [],
          evaluate: (pass: Pass<Ability>) => ({
            cost: () => {
              read(pass.posterior);
              return scalar(0);
            },
          }),
        },
      ],
    });
    return said(model);
  };
  const good = {
    mean: zeros([5, 2]),
    logVar: zeros([5, 2]),
    sample: (_key: unknown, samples = 1) => zeros([5 * samples, 2]),
    logProb: (z: Tensor) => sum(z, 1),
    detach: () => good,
    kl: () => zeros([5]),
    klOfDimensions: () => zeros([5, 2]),
    logProbOfDimensions: (z: Tensor) => z,
    probabilities: zeros([3, 5]),
    ofEveryClass: () => zeros([15, 2]),
    transport: (_key: unknown, samples = 1) => ({
      base: zeros([5 * samples, 2]),
      place: (base: Tensor) => base,
      towards: (z: Tensor) => z,
    }),
    components: (_key: unknown, samples = 1) => ({
      location: zeros([5 * samples, 2]),
      logVar: zeros([5 * samples, 2]),
    }),
  };
  const z = ones<Rank.R2>([10, 2]);

  it.each<[string, string, object, (q: Posterior & Partial<Classes>) => unknown]>([
    ['mean', 'mean should be [5, 2], and is [5, 1]', { mean: ones([5, 1]) }, (q) => q.mean],
    [
      'mean of one row',
      'mean should be [5, 2], and is [1, 2]',
      { mean: ones([1, 2]) },
      (q) => q.mean,
    ],
    ['logVar', 'logVar should be [5, 2], and is []', { logVar: scalar(0) }, (q) => q.logVar],
    ['no mean', 'mean should be [5, 2], and is undefined', { mean: undefined }, (q) => q.mean],
    [
      'mean when it is read',
      'mean should be [5, 2], and is [5, 1]',
      Object.defineProperty({}, 'mean', { get: () => ones([5, 1]) }),
      (q) => q.mean,
    ],
    [
      'kl',
      'kl, KL(q(z|x) ‖ p(z)), should be [5], and is [5, 2]',
      { kl: () => ones([5, 2]) },
      (q) => q.kl?.(prior),
    ],
    [
      'klOfDimensions',
      'klOfDimensions should be [5, 2], and is [5]',
      { klOfDimensions: () => ones([5]) },
      (q) => q.klOfDimensions?.(prior),
    ],
    [
      'logProbOfDimensions',
      'logProbOfDimensions should be [10, 2], and is [10]',
      { logProbOfDimensions: (of: Tensor) => sum(of, 1) },
      (q) => q.logProbOfDimensions?.(z),
    ],
    [
      'what is detached',
      'log q(z|x) should be [10], and is [10, 2]',
      { detach: () => ({ ...good, detach: () => ({ ...good, logProb: (of: Tensor) => of }) }) },
      (q) => q.detach().detach().logProb(z),
    ],
    [
      'probabilities',
      'probabilities should be […, 5], and is [5, 3]',
      { probabilities: ones([5, 3]) },
      (q) => q.probabilities,
    ],
    [
      'draws of every class',
      'a draw of z should be [15, 2], and is [5, 2]',
      { ofEveryClass: () => ones([5, 2]) },
      (q) => q.ofEveryClass?.(key(1)),
    ],
    [
      'the base',
      'the base of z should be [5, 2], and is [10, 1]',
      { transport: () => ({ ...good.transport(0), base: ones([10, 1]) }) },
      (q) => q.transport?.(key(1)),
    ],
    [
      'what is placed',
      'z should be [5, 2], and is [5, 1]',
      { transport: () => ({ ...good.transport(0), place: () => ones([5, 1]) }) },
      (q) => q.transport?.(key(1)).place(zeros([5, 2])),
    ],
    [
      'steps towards z',
      'a step of the base should be [5, 2], and is [5, 1]',
      { transport: () => ({ ...good.transport(0), towards: () => ones([5, 1]) }) },
      (q) => q.transport?.(key(1)).towards?.(zeros([5, 2]), zeros([5, 2])),
    ],
    [
      'components',
      'the log variances of components should be [10, 2], and is [10, 1]',
      { components: () => ({ ...good.components(0, 2), logVar: ones([10, 1]) }) },
      (q) => q.components?.(key(1), 2),
    ],
  ])('is refused of a posterior: %s', (_, message, changes, read) => {
    const offers: readonly Ability[] = ['posterior', 'logProb', 'moments', 'classes'];
    const changed = Object.defineProperties({ ...good }, Object.getOwnPropertyDescriptors(changes));
    expect(reading(good, read, offers)).toBeUndefined();
    const error = reading(changed, read, offers);
    expect(error).toBeInstanceOf(ShapeError);
    expect(error!.message).toContain(`The encoder 'exact': ${message}`);
  });

  it('computes no moments that nobody reads, and takes a function of that name where none are offered', () => {
    const lazily = Object.defineProperty({ ...good }, 'mean', {
      enumerable: false,
      get: () => {
        throw new Error('read');
      },
    });
    expect(reading(lazily, () => 0)).toBeUndefined();
    expect(reading({ ...good, mean: () => 0 }, () => 0, ['posterior', 'logProb'])).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ["a posterior has no function 'logProb'", { ...good, logProb: undefined }],
    ["a posterior has no function 'detach'", { ...good, detach: 3 }],
    ["a posterior has no function 'sample'", {}],
    ['a posterior should be an object with sample', undefined],
  ])('is refused where it lacks what it offers: %s', (message, posterior) => {
    const error = reading(posterior as object, (q) => q.sample(key(1)));
    expect(error).toBeInstanceOf(ElboError);
    expect(error!.message).toContain(`The encoder 'exact': ${message}`);
  });

  it('is refused of a decoder: means and draws that are no data', () => {
    const meaning = (members: object): Model =>
      compose({
        ...parts,
        decoder: {
          ...decoder,
          support: { kind: 'real' },
          likelihood: (...given) => ({ ...decoder.likelihood(...given), ...members }),
        },
        terms: [...bound, adversarialX({ discriminator: critic((x) => sum(x, 1, true)) })],
      });
    expect(said(meaning({}))).toBeUndefined();
    refused(
      meaning({ mean: () => ones([5, 1]) }),
      /The decoder 'linear': the mean of p\(x\|z\) should be \[5, 3\], and is \[5, 1\]/,
    );
    const thrown = (
      use: (model: Model, params: ModelParams) => unknown,
      members: object,
    ): string => {
      const model = meaning(members);
      return tidy(() => {
        try {
          use(model, model.init(key(1), [3]));
          return '';
        } catch (error) {
          return `${(error as Error).constructor.name} ${(error as Error).message}`;
        }
      });
    };
    const { x } = someRows(5);
    const sampled = (model: Model, { primal }: ModelParams): unknown =>
      model.sample(primal, key(1), 4);
    expect(thrown(sampled, { mean: () => ones([1, 3]) })).toContain(
      "ShapeError The decoder 'linear': the mean of p(x|z) should be [4, …], and is [1, 3]",
    );
    const reconstructed = (model: Model, { primal }: ModelParams): unknown =>
      model.reconstruct(primal, { x }, key(1));
    expect(thrown(reconstructed, { mean: () => ones([5, 1]) })).toContain(
      "ShapeError The decoder 'linear': the mean of p(x|z) should be [5, 3], and is [5, 1]",
    );
    const own = (model: Model, { primal }: ModelParams): unknown =>
      standardised(model, { mean: [0, 0, 0], sd: [1, 1, 1] }).sample(primal, key(1), 4);
    expect(thrown(own, { mean: () => ones([4, 1]) })).toContain(
      "ShapeError The likelihood of 'linear' gives [4, 1]",
    );
    expect(thrown((m, params) => drawsOf(m, params), { sample: () => ones([4, 3]) })).toContain(
      "ShapeError The decoder 'linear': a draw from p(x|z) should be [8, …], and is [4, 3]",
    );
    expect(thrown(sampled, { mean: undefined })).toContain(
      "ElboError The decoder 'linear': a likelihood has no function 'mean'",
    );
  });

  it('names the decoder where its density fails on shapes', () => {
    refused(
      withDecoder((x) => sum(add(x, ones([2])), 1)),
      /The decoder 'linear' cannot take x \[5, 3\]/,
    );
  });

  it('is refused of a prior: draws, and densities', () => {
    expect(said(withPrior({}))).toBeUndefined();
    refused(
      withPrior({ logProb: (z) => sum(z) }),
      /The prior 'standard-normal': log p\(z\) should be \[5\], and is \[\]/,
    );
    const model = compose({
      ...parts,
      prior: { ...standardNormal(2), sample: () => zeros([2]) as never },
      terms: [...bound, adversarialX({ discriminator: critic((x) => sum(x, 1, true)) })],
    });
    refused(model, /a draw of z should be \[5, 2\], and is \[2\]/);
  });

  it('is refused of draws for labels that are not one for each', () => {
    const given = (rows: number) => {
      const of: Prior = { ...standardNormal(2), sampleGiven: () => zeros([rows, 2]) };
      return checkedPrior(of).sampleGiven!;
    };
    tidy(() => {
      const labels = tensor1d([0, 1, 1]);
      expect(given(3)(key(1), labels).shape).toEqual([3, 2]);
      for (const rows of [1, 2, 4])
        expect(() => given(rows)(key(1), labels)).toThrow(
          `a draw of z for each label should be [3, 2], and is [${rows}, 2]`,
        );
    });
  });
});

/** Two draws for each of four z. */
function drawsOf(model: Model, { primal }: ModelParams): Tensor {
  const mode = { training: false, key: key(1) };
  return model.decoder.likelihood(primal.decoder, mode, zeros([4, 2]), undefined).sample(key(2), 2);
}

/** A discriminator without parameters. */
function critic(apply: (x: Tensor) => Tensor): Parameters<typeof adversarialZ>[0]['discriminator'] {
  return {
    config: { kind: 'critic' },
    init: () => ({ params: {}, output: [1] }),
    apply: (_params, _mode, x) => apply(x),
  };
}

describe('the scores of a discriminator', () => {
  it.each([
    ['[5]', (x: Tensor) => sum(x, 1)],
    ['[5, 2]', (x: Tensor) => x],
    ['[]', (x: Tensor) => mean(x)],
    ['[1, 1]', () => fill([1, 1], 0)],
    ['[10, 1]', (x: Tensor) => sum(concat([x, x]), 1, true)],
    ['[1, 5, 1]', (x: Tensor) => stack([sum(x, 1, true)])],
    ['[5, 1] of bool', (x: Tensor) => cast(reshape(sum(x, 1), [-1, 1]), 'bool')],
  ] as const)('are refused as %s', (shape, apply) => {
    const terms = [...bound, adversarialZ({ discriminator: critic(apply) })];
    const text = `The term 'adversarial-z': the scores of its discriminator should be [5, 1], and is ${shape}`;
    expect(said(compose({ ...parts, terms }))?.message).toContain(text);
  });
});
