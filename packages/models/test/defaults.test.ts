// What `elbo train NAME` builds and how it trains. A default that changes changes every figure that was made with it, so it is
// changed here too, on purpose: `npx vitest run -u` writes the files anew.
import type { DataTraits } from '@elbo/datasets';
import { expect, test } from 'vitest';
import { recipes } from '../src/index.js';

const images: DataTraits = { shape: [4, 4, 1], unit: true, classes: 3 };
const greys: DataTraits = { shape: [4, 4, 1], unit: false };
const points: DataTraits = { shape: [2], unit: false };
const words: DataTraits = { shape: [5, 4], unit: true, sequence: true };
const run = { steps: 1000, batchSize: 8 };

const written = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

type Options = Readonly<Record<string, unknown>>;

function built(name: string, data: DataTraits, options: Options): object {
  const { model, training } = recipes
    .find((recipe) => recipe.name === name)!
    .build(data, options, run);
  return { model: model.config, training };
}

test.each(recipes)('$name: its defaults are those written down', async ({ name, types }) => {
  const whole = written({ options: types, ...built(name, images, {}) });
  await expect(whole).toMatchFileSnapshot(`defaults/${name}.json`);
});

/** Options that bring in what the defaults leave out, and data of other kinds. */
const others: readonly (readonly [string, DataTraits, Options])[] = [
  ['vae', images, { freeBits: 0.5, anneal: 'linear' }],
  ['vae', images, { totalCorrelation: 0.5, anneal: 'cyclical' }],
  ['vae', images, { prior: 'mixture', components: 3 }],
  ['vae', images, { prior: 'vamp' }],
  ['vae', greys, { hidden: [8] }],
  ['vae', points, {}],
  ['vae', words, {}],
  ['vae', words, { hidden: [6, 4] }],
  ['iwae', images, { gradient: 'dreg', chunk: 4 }],
  ['avb', images, { contrast: 'plain' }],
  ['avb', images, { contrast: 'adaptive', dualSteps: 2 }],
  ['avb', points, { noise: 1 }],
  ['wvae', images, { divergence: 'sinkhorn' }],
  ['wvae', images, { divergence: 'critic' }],
  ['wvae', images, { divergence: 'adversarial' }],
  ['gan', images, { game: 'wasserstein', penalty: 'gradient' }],
  ['gan', images, { game: 'hinge', penalty: 'none' }],
];

test('other options and data build what is written down', async () => {
  const all = others.map(([name, data, options]) => ({
    ...{ name, data, options },
    ...built(name, data, options),
  }));
  await expect(written(all)).toMatchFileSnapshot('defaults/others.json');
});
