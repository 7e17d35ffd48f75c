import { classification } from '@elbo/aae';
import { featureReconstruction } from '@elbo/avae';
import { denseDiscriminator } from '@elbo/discriminators';
import { adversarialX, kl, reconstruction, type Term } from '@elbo/objectives';
import { formatFigure } from '@elbo/report';
import { mmd, transportCost } from '@elbo/wvae';
import { expect, test } from 'vitest';
import { costsHeadline, likelihoodHeadline, rowsOf } from '../src/reports/headline.js';

const vae = { terms: [reconstruction(), kl()] as readonly Term[] };
const figures = { step: 40, split: 'test', elbo: -98.5, reconstruction: 85.2, kl: 13.3 };
const where = '1,000 test rows, step 40';

test('a bound and its parts come first, in nats, with what they are measured on', () => {
  expect(costsHeadline(vae, figures, 1000)).toEqual([
    { label: 'ELBO', value: -98.5, unit: 'nats', note: where },
    { label: 'Reconstruction', value: 85.2, unit: 'nats', note: where },
    { label: 'KL', value: 13.3, unit: 'nats', note: where },
  ]);
});

test('figures of unknown rows say their split; there are none before the first', () => {
  const [elbo] = costsHeadline(vae, { ...figures, split: 'validation' });
  expect(elbo!.note).toBe('validation, step 40');
  expect(costsHeadline(vae, undefined, 1000)).toEqual([]);
});

test('what a model does not measure, or measured as no number, has no card', () => {
  const unmeasured = { step: 40, split: 'test', reconstruction: 85.2, kl: null };
  expect(costsHeadline(vae, unmeasured).map(({ label }) => label)).toEqual(['Reconstruction']);
  // Every object inherits something of this name.
  const odd = { terms: [mmd({ name: 'toString' })] as readonly Term[] };
  expect(costsHeadline(odd, { step: 1, split: 'test' })).toEqual([]);
});

test('a regulariser has its own name and no unit, and says that less is better', () => {
  const wvae = { terms: [transportCost(), mmd()] as readonly Term[] };
  expect(costsHeadline(wvae, { step: 40, split: 'test', cost: 37.3, mmd: 5e-4 }, 1000)).toEqual([
    { label: 'cost', value: 37.3, note: `${where}; lower is better` },
    { label: 'mmd', value: 5e-4, note: `${where}; lower is better` },
  ]);
});

test('a classifier’s accuracy is a figure of the model, a critic’s is none; a game’s cost tells how it stands', () => {
  const discriminator = denseDiscriminator({ hidden: [4] });
  const terms: readonly Term[] = [
    classification(),
    adversarialX({ discriminator }),
    featureReconstruction({ discriminator }),
  ];
  const game = {
    ...{ classification: 0.2, 'classification/accuracy': 0.9 },
    ...{ 'adversarial-x': 0.7, 'adversarial-x/accuracy': 0.6, 'feature-reconstruction': 3 },
  };
  const found = costsHeadline({ terms }, { step: 40, split: 'test', ...game }, 1000);
  expect(found.map(({ label, value }) => [label, value])).toEqual([
    ['classification', 0.2],
    ['classification, accuracy', 0.9],
    ['adversarial-x', 0.7],
    ['feature-reconstruction', 3],
  ]);
  const stands = `${where}; how the game stands, not how good the model is`;
  expect(found.map(({ note }) => note)).toEqual([
    `${where}; lower is better`,
    where,
    stands,
    stands,
  ]);
});

test('log p(x) says how it was found, of which rows, and what their ELBO is', () => {
  const diagnosis = { elbo: -124.1234, logLikelihood: -119.5 };
  expect(likelihoodHeadline({ diagnosis, rows: 100, samples: 1000 })).toEqual({
    label: 'log p(x)',
    value: -119.5,
    unit: 'nats',
    note: 'importance sampling, 1,000 samples, the first 100 test rows; their ELBO is −124.12',
  });
  const none = { elbo: NaN, logLikelihood: NaN };
  const { note, ...figure } = likelihoodHeadline({ diagnosis: none, rows: 1, samples: 10 });
  expect(note).toContain('the first 1 test row; their ELBO is not estimable');
  expect(formatFigure(figure)).toBe('not estimable');
});

test('rows are counted: one row, several rows, thousands with their comma', () => {
  expect([0, 1, 2, 10_000].map((rows) => rowsOf(rows, 'test'))).toEqual([
    '0 test rows',
    '1 test row',
    '2 test rows',
    '10,000 test rows',
  ]);
});
