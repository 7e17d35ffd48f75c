import { scalar } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import {
  compose,
  freeBits,
  kl,
  klPart,
  leastRows,
  nonSaturating,
  r1,
  reconstruction,
  rulesOf,
  term,
  weight,
  type Parts,
  type Term,
} from '../src/index.js';
import { decoder, exactEncoder, prior } from './world.js';

const parts = { prior, encoder: exactEncoder, decoder };
const bound = [reconstruction(), kl()] as const;
const couples = { coupling: { least: 3 } };
const game = (definition: Partial<Term<never>>): Term<never> => ({
  ...term({
    config: { kind: 'test' },
    name: 'game',
    role: 'regulariser',
    needs: [],
    evaluate: () => ({ cost: () => scalar(0) }),
  }),
  ...definition,
});
const init = (): object => ({});
const coupled = (model: Parts<'posterior' | 'logProb' | 'moments'>): readonly string[] =>
  compose(model)
    .terms.filter(({ coupling }) => coupling)
    .map(({ name }) => name);

describe('the coupling of rows', () => {
  it('is that of what a term computes', () => {
    const terms = [...bound, weight(freeBits({ nats: 1 }), 2), klPart({ part: 'correlation' })];
    expect(coupled({ ...parts, terms })).toEqual(['free-bits', 'total-correlation']);
    expect(leastRows(compose({ ...parts, terms }))).toBe(2);
    expect(leastRows(compose({ ...parts, terms: bound }))).toBe(1);
  });

  it('is that of the networks of its adversary, and of the one that it reads', () => {
    const adversary = { parts: [{}, couples], init } as never;
    const terms = [
      ...bound,
      weight(game({ adversary }), 0.5),
      game({ name: 'reader', adversaryOf: 'game' }),
      game({ name: 'other', adversary: { parts: [{}], init } as never }),
    ];
    expect(coupled({ ...parts, terms })).toEqual(['game', 'reader']);
    expect(leastRows(compose({ ...parts, terms }))).toBe(3);
  });

  it('is that of an encoder for every term that needs a posterior, of a decoder for all', () => {
    const terms = [...bound, game({})];
    expect(coupled({ ...parts, encoder: { ...exactEncoder, ...couples }, terms })).toEqual([
      'reconstruction',
      'kl',
    ]);
    expect(coupled({ ...parts, decoder: { ...decoder, ...couples }, terms })).toHaveLength(3);
  });

  it('is that of a game, of a penalty, and of players who rest by turns', () => {
    const none = nonSaturating();
    expect(rulesOf({ game: none }, 'test').coupling).toBeUndefined();
    expect(rulesOf({ game: { ...none, ...couples } }, 'test').coupling).toEqual({ least: 3 });
    expect(rulesOf({ penalties: [{ ...r1(), ...couples }] }, 'test').coupling?.least).toBe(3);
    expect(rulesOf({ balance: 0.8 }, 'test').coupling).toEqual({ least: 1 });
  });
});
