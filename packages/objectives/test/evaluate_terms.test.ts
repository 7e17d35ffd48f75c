import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { scalar, setBackend, tensor1d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import {
  compose,
  elboOf,
  evaluateTerms,
  hasElbo,
  kl,
  reconstruction,
  term,
  weight,
  type ObjectiveEvaluation,
  type Term,
} from '../src/index.js';
import { linear } from '@elbo/core';
import { decoder, diagonalEncoder, prior, someRows } from './world.js';

beforeAll(() => setBackend('cpu'));

const parts = { prior, encoder: diagonalEncoder([0.2, 0.35]), decoder };
const read = (tensor: Tensor): number => tensor.dataSync()[0]!;
const numbers = (measured: Readonly<Record<string, Tensor>>): Record<string, number> =>
  Object.fromEntries(Object.entries(measured).map(([name, value]) => [name, read(value)]));

/** A term of given costs for four rows. */
const costing = (name: string, costs: readonly number[], more: Partial<Term<never>> = {}) => ({
  ...term({
    ...{ config: { kind: name }, name, role: 'regulariser', needs: [] },
    evaluate: () => ({ cost: () => tensor1d([...costs]) }),
  }),
  ...more,
});
const players = { primal: true, dual: true };

function evaluated<T>(
  terms: readonly Term<'posterior' | 'logProb'>[],
  look: (found: ObjectiveEvaluation) => T,
  step = 0,
): T {
  const model = compose({ ...parts, terms });
  let found: T | undefined;
  tidy(() => {
    const params = model.init(key(1), [3]);
    const moment = { step, key: key(2), training: true };
    const forward = model.forward(params.primal, { x: someRows(4).x }, moment);
    found = look(evaluateTerms(model, forward, params.dual));
    forward.dispose();
  });
  return found!;
}

const bound = costing('bound', [1, 2, 3, 6], { role: 'bound' });

describe('an objective', () => {
  test('is the sum of mean costs, each with its weight at that step', () => {
    const other = costing('other', [10, 10, 20, 0]);
    const of = (more: Term<never>, step = 0): number =>
      evaluated([bound, more], (found) => read(found.primal()), step);
    expect(of(other)).toBeCloseTo(3 + 10, 5);
    expect(of(weight(other, 0.5))).toBeCloseTo(3 + 5, 5);
    expect(of(weight(weight(other, 0.5), 3))).toBeCloseTo(3 + 15, 5);
    expect(of(weight(other, linear({ steps: 100 })), 25)).toBeCloseTo(3 + 2.5, 5);
  });

  test('of a part has the terms that train it, which all do unless they say', () => {
    const terms = [
      bound,
      costing('d', [4, 4, 4, 4], { updates: ['decoder'] }),
      costing('e', [8, 8, 8, 8], { updates: ['encoder'] }),
      costing('both', [16, 16, 16, 16], { updates: ['encoder', 'decoder'] }),
    ];
    evaluated(terms, ({ primal }) => {
      expect(read(primal())).toBeCloseTo(3 + 4 + 8 + 16, 5);
      expect(read(primal('decoder'))).toBeCloseTo(3 + 4 + 16, 5);
      expect(read(primal('encoder'))).toBeCloseTo(3 + 8 + 16, 5);
      expect(read(primal('prior'))).toBeCloseTo(3, 5);
    });
  });

  test('of the dual player is the sum of its losses, and nothing where there is none', () => {
    const adversary = { parts: [], init: () => ({}) };
    const playing = (name: string, loss: number): Term<never> =>
      costing(name, [0, 0, 0, 0], {
        adversary,
        evaluate: () => ({ cost: () => scalar(0), loss: () => scalar(loss) }),
      });
    const of = (...terms: Term<never>[]): number =>
      evaluated([bound, ...terms], ({ dual }) => read(dual()));
    expect(of()).toBe(0);
    expect(of(playing('a', 2))).toBe(2);
    expect(of(playing('a', 2), playing('b', 5))).toBe(7);
  });

  test('gives a term the parameters of its adversary, or of the one that it reads', () => {
    const seen: Record<string, unknown> = {};
    const looking = (name: string, more: Partial<Term<never>>): Term<never> =>
      costing(name, [], {
        ...more,
        evaluate: (_pass, adversary) => {
          seen[name] = Object.keys(adversary);
          return { cost: () => scalar(0) };
        },
      });
    const adversary = { parts: [], init: () => ({ w: scalar(1) }) };
    evaluated(
      [
        bound,
        looking('own', { adversary }),
        looking('reader', { adversaryOf: 'own' }),
        looking('none', {}),
      ],
      (found) => read(found.primal()),
    );
    expect(seen).toEqual({ own: ['w'], reader: ['w'], none: [] });
  });
});

describe('what is measured', () => {
  const adversary = { parts: [], init: () => ({}) };
  const game = costing('game', [], {
    adversary,
    evaluate: () => ({
      cost: () => scalar(5),
      loss: () => scalar(7),
      metrics: () => ({ gap: scalar(9) }),
    }),
  });
  const plain = costing('plain', [], {
    evaluate: () => ({ cost: () => scalar(2), metrics: () => ({ own: scalar(4) }) }),
  });
  const of = (who: { primal: boolean; dual: boolean }): Record<string, number> =>
    evaluated([bound, weight(plain, 10), game], ({ measure }) => numbers(measure(who)));

  it('are costs without their weights, and what an adversary shows where it moves', () => {
    const costs = { elbo: -3, bound: 3, plain: 2, 'plain/own': 4, game: 5 };
    const dual = { 'game/loss': 7, 'game/gap': 9 };
    expect(of(players)).toEqual({ ...costs, ...dual });
    expect(of({ primal: true, dual: false })).toEqual(costs);
    expect(of({ primal: false, dual: true })).toEqual(dual);
    expect(of({ primal: false, dual: false })).toEqual({});
  });
});

describe('an ELBO', () => {
  const bounding = (...terms: Term[]): boolean => hasElbo({ terms });
  const divergence = costing('kl', [1], { role: 'divergence' });

  it('is made by a bound, or by a reconstruction and a divergence', () => {
    expect(bounding(bound)).toBe(true);
    expect(bounding(reconstruction(), divergence)).toBe(true);
    expect(bounding(reconstruction())).toBe(false);
    expect(bounding(divergence)).toBe(false);
    expect(bounding(costing('mmd', [1]))).toBe(false);
    expect(bounding()).toBe(false);
  });

  it('of each row is minus what the bound’s terms cost there, and regularisers are no part of it', () => {
    const model = compose({
      ...parts,
      terms: [reconstruction(), weight(kl(), 3), costing('more', [1, 1, 1, 1])],
    });
    tidy(() => {
      const params = model.init(key(1), [3]);
      const { x } = someRows(4);
      const forward = model.forward(params.primal, { x }, { step: 0, key: key(2), training: true });
      const { pass } = forward;
      const rows = elboOf(model, forward, params.dual).dataSync();
      const [p, q, r] = [
        pass.likelihood.logProb(x),
        pass.posterior.logProb(pass.z),
        pass.prior.logProb(pass.z),
      ].map((tensor) => tensor.dataSync());
      expect(rows).toHaveLength(4);
      rows.forEach((value, i) => {
        expect(value).toBeCloseTo(p![i]! + r![i]! - q![i]!, 4);
      });
      forward.dispose();
    });
  });
});
