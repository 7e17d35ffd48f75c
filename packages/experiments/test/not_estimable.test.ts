import { standardNormal } from '@elbo/core';
import { formatFigure } from '@elbo/report';
import { expect, test } from 'vitest';
import { evaluationOf, lineOf, resultOf } from '../src/evaluation/evaluation.js';
import { collapseDiagnostics } from '../src/reports/diagnostics.js';

const circumstances = {
  step: 10,
  options: { chains: 16, temperatures: 500, seed: 1 },
  seconds: 1,
  backend: 'wasm 4.22.0',
};

test('one row has a value and no error: null with the reason for programs, words for people', () => {
  const found = { metric: 'nll', rows: 1, nll: 98.5, standardError: NaN };
  const why = 'not estimable: 1 row';
  const result = JSON.parse(JSON.stringify(resultOf(found))) as unknown;
  expect(result).toEqual({ ...found, standardError: null, notEstimable: { standardError: why } });
  expect(lineOf(found)).toBe(`metric nll   rows 1   nll 98.5   standardError ${why}`);
  const [figure] = evaluationOf(found, circumstances).figures;
  expect(formatFigure(figure!)).toBe('98.5 nats (error not estimable)');
});

test('what was given with a reason is null with that reason, and a figure of text', () => {
  const notEstimable = { encoder: 'ownCodeGain: not estimable from 1 row; 2 are the least.' };
  const found = { metric: 'collapse', rows: 1, signs: 'none', notEstimable };
  expect(resultOf(found)).toEqual({ ...found, encoder: null });
  expect(lineOf(found)).not.toMatch(/NaN|object/);
  expect(evaluationOf(found, circumstances).figures).toContainEqual({
    name: 'encoder',
    label: 'Gain of a row’s own code, active units',
    value: notEstimable.encoder,
  });
  const shown = collapseDiagnostics(
    { signs: [], accuracies: {}, notEstimable },
    { prior: standardNormal(2) },
  );
  expect(shown).toEqual([
    {
      label: 'Gain of a row’s own code, active units',
      value: 'not estimable',
      note: notEstimable.encoder,
    },
  ]);
});

test('figures that are all there have no reasons', () => {
  const found = { metric: 'elbo', rows: 2, elbo: -3 };
  expect(resultOf(found)).toEqual(found);
});
