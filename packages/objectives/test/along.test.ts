import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  mul,
  scalar,
  setBackend,
  slice,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  compose,
  hasAdversary,
  kl,
  klPart,
  measure,
  pairsOf,
  reconstruction,
  term,
  type Encoder,
} from '../src/index.js';
import { decoder, diagonalEncoder, prior, someRows } from './world.js';

beforeAll(() => setBackend('cpu'));

const encoder: Encoder<'posterior' | 'logProb'> = diagonalEncoder([0.2, 0.35]);
const parts = { prior, encoder, decoder };
const model = compose({ ...parts, terms: [reconstruction(), kl()] });
const values = (tensor: Tensor): number[] => [...tensor.dataSync()];

it('interpolation goes on a line through z, from one row’s to the other’s', () => {
  tidy(() => {
    const { primal } = model.init(key(1), [3]);
    const { x } = someRows(4);
    const [from, to] = [slice(x, [0, 0], [2, 3]), slice(x, [2, 0], [2, 3])] as Tensor2D[];
    const along = (steps: number): number[][] => {
      const found = model.interpolate(primal, { x: from! }, { x: to! }, key(5), steps);
      expect(found.shape).toEqual([2 * steps, 3]);
      return found.arraySync() as number[][];
    };
    const [a, b] = along(2);
    const [first, quarter, half, , last] = along(5);
    // The mean of x is linear in z here, so the line in z is one in x.
    for (const [d, start] of a!.entries()) {
      expect(first![d]).toBeCloseTo(start, 5);
      expect(last![d]).toBeCloseTo(b![d]!, 5);
      expect(quarter![d]).toBeCloseTo(start + (b![d]! - start) / 4, 4);
      expect(half![d]).toBeCloseTo((start + b![d]!) / 2, 4);
    }
    expect(a).not.toEqual(b);
    // One step is the start.
    for (const [d, value] of along(1)[0]!.entries()) expect(value).toBeCloseTo(a![d]!, 5);
  });
});

it('a measurement is no training, and says the same of the same key', () => {
  const seen: boolean[] = [];
  const looking = term({
    config: { kind: 'test-looking' },
    name: 'looking',
    role: 'regulariser',
    needs: [],
    evaluate: ({ training }) => ({
      cost: () => {
        seen.push(training);
        return scalar(2);
      },
    }),
  });
  const looked = compose({ ...parts, terms: [reconstruction(), kl(), looking] });
  const params = looked.init(key(1), [3]);
  const found = measure(looked, params, { x: someRows(4).x }, { step: 0, key: key(2) });
  expect(seen).toEqual([false]);
  expect(values(found.looking!)).toEqual([2]);
  const elbo = tidy(() => values(add(found.reconstruction!, found.kl!)));
  expect(values(tidy(() => mul(found.elbo!, -1)))[0]).toBeCloseTo(elbo[0]!, 5);
});

it('a model has a dual player where one term has an adversary, and keeps pairs where one compares all rows', () => {
  expect(hasAdversary(model)).toBe(false);
  expect(pairsOf(model)).toBe(0);
  const game = term({
    config: { kind: 'test-game' },
    name: 'game',
    role: 'regulariser',
    needs: [],
    adversary: { parts: [], init: () => ({}) },
    evaluate: () => ({ cost: () => scalar(0), loss: () => scalar(0) }),
  });
  expect(hasAdversary(compose({ ...parts, terms: [reconstruction(), kl(), game] }))).toBe(true);
  const pairs = klPart({ part: 'correlation' });
  expect(pairsOf(compose({ ...parts, terms: [reconstruction(), kl(), pairs] }))).toBe(1);
});
