import { ShapeError, standardNormal, type Prior } from '@elbo/core';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
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
  tidy,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adversarialX,
  adversarialZ,
  compose,
  kl,
  measure,
  play,
  reconstruction,
  term,
  weight,
  type Decoder,
  type Encoder,
  type Model,
  type Play,
  type Term,
} from '../src/index.js';
import { decoder, exactEncoder, prior, someRows } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const parts = { prior, encoder: exactEncoder, decoder };
type World = Encoder<'posterior' | 'logProb' | 'moments'>;
const bound = [reconstruction(), kl()];
/** A term of one's own beside the bound. */
const beside = (play: Partial<Play>, rest: Partial<Term<never>> = {}): Model =>
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
          play: () => ({ cost: () => scalar(0), ...play }),
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
        const open = model.open(primal, { x }, { step: 0, key: key(2), training: true });
        play(model, open, {}).primal();
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
      { ...reconstruction(), play: () => ({ cost: () => scalar(1) }) },
      { ...kl(), play: () => ({ cost: () => scalar(1) }) },
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
});

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
