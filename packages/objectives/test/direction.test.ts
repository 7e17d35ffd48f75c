import { standardNormal } from '@elbo/core';
import { expect, it } from 'vitest';
import {
  comparableMetrics,
  compose,
  directionOf,
  estimatorsOf,
  reconstruction,
  term,
  weight,
  type Decoder,
  type Encoder,
  type Term,
} from '../src/index.js';

const never = (): never => {
  throw new Error('not played');
};
const encoder = {
  config: { kind: 'e' },
  latent: 1,
  offers: ['posterior'],
  posterior: never,
} as unknown as Encoder<'posterior'>;
const decoder = { config: { kind: 'd' }, likelihood: never } as unknown as Decoder;
const named = (name: string, more: Partial<Omit<Term, 'needs' | 'evaluate'>>): Term<'posterior'> =>
  term({
    ...{ config: { kind: name }, name, role: 'regulariser', needs: ['posterior'], ...more },
    evaluate: never,
  });
const adversary = { init: () => ({}), parts: [] };
const modelOf = (...terms: readonly Term<'posterior'>[]) =>
  compose({ prior: standardNormal(1), encoder, decoder, terms: [reconstruction(), ...terms] });

it('an ELBO is better higher and a cost lower; of what is measured beside, a term says it', () => {
  const model = modelOf(
    named('kl', { role: 'divergence' }),
    weight(named('labels', { better: { accuracy: 'higher' } }), 3),
  );
  const directions = ['elbo', 'reconstruction', 'kl', 'labels', 'labels/accuracy', 'kl/accuracy'];
  expect(directions.map((metric) => directionOf(model, metric))).toEqual([
    ...['higher', 'lower', 'lower', 'lower', 'higher', undefined],
  ]);
  expect(directionOf(model, 'labels/constructor')).toBeUndefined();
  expect(comparableMetrics(model)).toEqual([
    ...['elbo', 'reconstruction', 'kl', 'labels', 'labels/accuracy'],
  ]);
});

it('there is no ELBO without a divergence', () => {
  const model = modelOf(named('mmd', {}));
  expect(directionOf(model, 'elbo')).toBeUndefined();
  expect(comparableMetrics(model)).toEqual(['reconstruction', 'mmd']);
});

it('what an adversary estimates compares no steps: the ELBO with its divergence, and what reads it', () => {
  const model = modelOf(
    named('kl', { role: 'divergence', adversary }),
    named('other', { adversaryOf: 'kl' }),
  );
  expect(estimatorsOf(model, 'elbo')).toEqual(['kl']);
  expect(estimatorsOf(model, 'kl/accuracy')).toEqual(['kl']);
  expect(estimatorsOf(model, 'other')).toEqual(['kl']);
  expect(comparableMetrics(model)).toEqual(['reconstruction']);
});
