import { ConfigError, disposeTree, ElboError, ShapeError } from '@elbo/core';
import { bceWithLogits } from '@elbo/ops';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  matMul,
  ones,
  reshape,
  scalar,
  setBackend,
  slice,
  split,
  tensor2d,
  zeros,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compose, kl, reconstruction, adversarialZ, klPart, vampPrior } from '../src/index.js';
import { decoder, exactEncoder, prior, someRows } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const model = compose({ prior, encoder: exactEncoder, decoder, terms: [reconstruction(), kl()] });
const thrown = (run: () => unknown): Error => {
  try {
    run();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
};

describe('a model in use', () => {
  const params = model.init(key(1), [3]);
  const uses: readonly [string, () => unknown, new () => Error, RegExp][] = [
    [
      'data of another width',
      () => model.encode(params.primal, { x: ones([2, 4]) }, key(1)),
      ShapeError,
      /^The encoder 'exact' cannot take x \[2, 4\]/,
    ],
    [
      'data that are no tensor',
      () => model.encode(params.primal, { x: [[1, 2, 3]] as never }, key(1)),
      ShapeError,
      /^The encoder 'exact': x should be a tensor/,
    ],
    [
      'one number',
      () => model.score(params, { x: scalar(1) }, key(1)),
      ShapeError,
      /The encoder 'exact': x should be a batch/,
    ],
    [
      'z of another width',
      () => model.decode(params.primal, zeros([2, 5])),
      ShapeError,
      /^model.decode: z: expected a batch of shape \[B, 2\], got \[2, 5\]/,
    ],
    [
      'z that is no tensor',
      () => model.decode(params.primal, [1, 2] as never),
      ShapeError,
      /^model.decode: z should be a tensor \[B, 2\]/,
    ],
    ['no count', () => model.sample(params.primal, key(1), 1.5), ConfigError, /^model.sample: how/],
  ];
  it.each(uses)('says what is wrong with %s', (_, run, kind, message) => {
    const error = thrown(run);
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toMatch(message);
  });

  it('says that parameters or data were disposed, and whose', () => {
    const { x } = someRows(2);
    const freed = model.init(key(1), [3]);
    disposeTree(freed.primal);
    for (const [run, part] of [
      [() => model.encode(freed.primal, { x }, key(1)), "encoder 'exact'"],
      [() => model.sample(freed.primal, key(1), 2), "decoder 'linear'"],
    ] as const) {
      const error = thrown(run);
      expect(error).toBeInstanceOf(ElboError);
      expect(error.message).toContain(`The ${part}: its parameters were disposed`);
    }
    const gone: Tensor2D = tensor2d([[1, 2, 3]]);
    gone.dispose();
    expect(thrown(() => model.encode(params.primal, { x: gone }, key(1))).message).toMatch(
      /x was disposed/,
    );
  });
});

describe('what is thrown by a part of your own', () => {
  const own = { x: 1 };
  const errors: readonly unknown[] = [
    new TypeError("Cannot read properties of undefined (reading 'shape')"),
    new Error('the service of embeddings did not answer'),
    new (class Mine extends Error {})('no axis to grind'),
    new ConfigError('mine: no'),
    new DOMException('stopped', 'AbortError'),
    own,
  ];
  it.each(errors)('comes through as it is: %s', (error) => {
    const fail = (): never => {
      throw error;
    };
    const broken = compose({
      prior,
      encoder: { ...exactEncoder, posterior: fail },
      decoder: { ...decoder, likelihood: fail },
      terms: [reconstruction(), kl()],
    });
    const params = broken.init(key(1), [3]);
    const thrownAsItIs = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (caught) {
        return caught;
      }
    };
    const { x } = someRows(2);
    expect(thrownAsItIs(() => broken.encode(params.primal, { x }, key(1)))).toBe(error);
    expect(thrownAsItIs(() => broken.sample(params.primal, key(1), 2))).toBe(error);
  });

  it.each([
    ['matMul', (x: Tensor2D) => matMul(x, ones([7, 2]))],
    ['add', (x: Tensor2D) => add(x, ones([2, 7]))],
    ['reshape', (x: Tensor2D) => reshape(x, [5, 2])],
    ['split', (x: Tensor2D) => split(x, 2, 1)[0]!],
    ['bceWithLogits', (x: Tensor2D) => bceWithLogits(x, ones([2, 7]))],
    ['slice', (x: Tensor2D) => slice(x, [0, 5], [-1, 2])],
  ])('is a ShapeError where %s refuses the shapes, with the cause', (_, mean) => {
    const broken = compose({
      prior,
      encoder: {
        ...exactEncoder,
        posterior: (params, mode, x, condition) =>
          exactEncoder.posterior(params, mode, mean(x as Tensor2D), condition),
      },
      decoder,
      terms: [reconstruction(), kl()],
    });
    const params = broken.init(key(1), [3]);
    const error = thrown(() => broken.encode(params.primal, { x: someRows(2).x }, key(1)));
    expect(error).toBeInstanceOf(ShapeError);
    expect(error.message).toMatch(/^The encoder 'exact' cannot take x \[2, 3\]/);
    expect(error.cause).toBeInstanceOf(Error);
  });
});

describe('an option that is missing, which JavaScript lets pass,', () => {
  it.each([
    [() => compose({ prior } as never), /^compose: option 'decoder' is missing/],
    [() => adversarialZ({} as never), /^adversarialZ: option 'discriminator' is missing/],
    [() => (adversarialZ as () => unknown)(), /^adversarialZ: takes an object of options/],
    [() => klPart({} as never), /^klPart: option 'part' is missing/],
    [() => vampPrior({ dim: 2 } as never), /^vampPrior: option 'components' is missing/],
  ] as const)('is named with its factory: %s', (run, message) => {
    const error = thrown(run);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error.message).toMatch(message);
  });
});
