import { ConfigError, normal, ShapeError, tensorAt } from '@elbo/core';
import { fold, key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  fill,
  matMul,
  setBackend,
  slice,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compose, kl, reconstruction, type Decoder } from '../src/index.js';
import { decoder, diagonalEncoder, prior, someRows } from './world.js';

beforeAll(() => setBackend('cpu'));

const rowsOf = (tensor: Tensor): number[][] => tensor.arraySync() as number[][];
/** Fails unless rows agree within float32's rounding of a few sums. */
const expectRows = (found: number[][], expected: number[][]): void => {
  expect(found).toEqual(
    expected.map((row) => row.map((value) => expect.closeTo(value, 4) as unknown)),
  );
};

/** So narrow that a draw is the mean, whatever the key. */
const encoder = diagonalEncoder([1e-14, 1e-14]);
const model = compose({ prior, encoder, decoder, terms: [reconstruction(), kl()] });
/** The mean of x is Wz + μ + the condition, which has three places. */
const conditional: Decoder = {
  ...decoder,
  likelihood: (params, _mode, z, condition) => {
    const mean = add(matMul(z, tensorAt(params, 'kernel')), tensorAt(params, 'bias'));
    const moved = condition ? add<Tensor2D>(mean, condition) : mean;
    return normal(moved, fill(moved.shape, 0));
  },
};
const given = compose({
  prior,
  encoder,
  decoder: conditional,
  terms: [reconstruction(), kl()],
});
const conditions = (rows: number, scale = 1): Tensor2D =>
  tensor2d(Array.from({ length: rows }, (_, i) => [scale * (i + 1), 10 * scale * (i + 1), -scale]));

describe('interpolation', () => {
  it('begins at the one row as it is reconstructed, and ends at the other', () => {
    tidy(() => {
      const { primal } = model.init(key(1), [3]);
      const { x } = someRows(4);
      const [from, to] = [slice(x, [0, 0], [2, 3]), slice(x, [2, 0], [2, 3])] as Tensor2D[];
      const steps = 3;
      const found = rowsOf(model.interpolate(primal, { x: from! }, { x: to! }, key(5), steps));
      const first = rowsOf(model.reconstruct(primal, { x: from! }, key(6)));
      const last = rowsOf(model.reconstruct(primal, { x: to! }, key(7)));
      for (const row of [0, 1]) {
        expectRows([found[row * steps]!], [first[row]!]);
        expectRows([found[row * steps + steps - 1]!], [last[row]!]);
      }
      expect(first).not.toEqual(last);
    });
  });

  it('takes a condition along its own line', () => {
    tidy(() => {
      const { primal } = given.init(key(1), [3]);
      const { x } = someRows(2);
      const [a, b] = [conditions(2), conditions(2, 5)];
      // Of equal rows only the condition changes on the way.
      const found = rowsOf(
        given.interpolate(primal, { x, condition: a }, { x, condition: b }, key(5), 3),
      );
      const plain = rowsOf(given.interpolate(primal, { x }, { x }, key(5), 3));
      const moved = found.map((row, i) => row.map((value, d) => value - plain[i]![d]!));
      expectRows(moved, [
        ...[1, 3, 5].map((scale) => [scale, 10 * scale, -scale]),
        ...[1, 3, 5].map((scale) => [2 * scale, 20 * scale, -scale]),
      ]);
    });
  });
});

describe('a traversal', () => {
  it('moves one coordinate of one z, and leaves the others', () => {
    tidy(() => {
      const { primal } = model.init(key(1), [3]);
      const z = tensor2d([[0.5, -2]]);
      const at = (...points: (readonly number[])[]): number[][] =>
        rowsOf(model.decode(primal, tensor2d(points.map((point) => [...point]))));
      const values = [-1, 0, 2];
      expectRows(rowsOf(model.traverse(primal, z, 0, values)), at([-1, -2], [0, -2], [2, -2]));
      expectRows(rowsOf(model.traverse(primal, z, 1, values)), at([0.5, -1], [0.5, 0], [0.5, 2]));
    });
  });

  it('holds one condition', () => {
    tidy(() => {
      const { primal } = given.init(key(1), [3]);
      const z = tensor2d([[0.5, -2]]);
      const plain = rowsOf(given.traverse(primal, z, 1, [0, 1, 2]));
      const found = rowsOf(given.traverse(primal, z, 1, [0, 1, 2], tensor2d([[1, 2, 3]])));
      expectRows(
        found,
        plain.map((row) => row.map((value, d) => value + d + 1)),
      );
    });
  });

  it('refuses a z of another size', () => {
    const { primal } = model.init(key(1), [3]);
    expect(() => model.traverse(primal, tensor2d([[1, 2, 3]]), 0, [1])).toThrow(ShapeError);
    expect(() => model.traverse(primal, tensor1d([1, 2]) as never, 0, [1])).toThrow(ShapeError);
  });
});

describe('a condition', () => {
  it('is that of each row of a minibatch, for all draws of z', () => {
    tidy(() => {
      const { primal } = given.init(key(1), [3]);
      const { x } = someRows(2);
      for (const samples of [1, 2, 3]) {
        const z: Tensor2D = fill([samples * 2, 2], 0);
        const at = (condition?: Tensor2D): number[][] => {
          const forward = given.forward(
            primal,
            { x, condition },
            { step: 0, key: key(1), training: false },
          );
          const rows = rowsOf(forward.pass.decode(z).mean());
          forward.dispose();
          return rows;
        };
        const [plain, found] = [at(), at(conditions(2))];
        expectRows(
          found.map((row, i) => row.map((value, d) => value - plain[i]![d]!)),
          Array.from({ length: samples }, () => [
            [1, 10, -1],
            [2, 20, -1],
          ]).flat(),
        );
      }
    });
  });
});

describe('samples', () => {
  it('are the means at draws of the prior', () => {
    tidy(() => {
      const { primal } = model.init(key(1), [3]);
      const found = model.sample(primal, key(4), 5);
      const z = prior.sample(fold(key(4), 'sample'), 5);
      expectRows(rowsOf(found), rowsOf(model.decode(primal, z)));
    });
  });

  it('are a whole number of them, from one on', () => {
    const { primal } = model.init(key(1), [3]);
    for (const n of [0, -1, 1.5, NaN])
      expect(() => model.sample(primal, key(4), n)).toThrow(ConfigError);
    expect(tidy(() => model.sample(primal, key(4), 1).shape)).toEqual([1, 3]);
  });
});

it('a score is minus the ELBO of each row', () => {
  tidy(() => {
    const params = model.init(key(1), [3]);
    const { x } = someRows(3);
    const elbo = [...model.elbo(params, { x }, key(2)).dataSync()];
    expect(elbo).toHaveLength(3);
    expect([...model.score(params, { x }, key(2)).dataSync()]).toEqual(elbo.map((value) => -value));
  });
});
