// The command on MNIST: every model trained by its default recipe, evaluated, and looked at.
//   npm run reproduce -- mnist [--models vae,avb] [--data-dir FOLDER] [--seeds 7] [--json]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { picture, table } from '../../common/tables.js';
import type { Study } from '../../runner/study.js';
import { runOf, trainedByCommand, type Found } from './command.js';

const bounded = ['vae', 'iwae', 'avb', 'avae'];
const models = ['vae', 'iwae', 'avb', 'avae', 'vae-gan', 'aae', 'aae-semi', 'wvae', 'gan', 'bigan'];

const number = (value: number | undefined, digits = 2): string => value?.toFixed(digits) ?? '';

/** Models with an ELBO. */
const likelihoods = (results: readonly Found[]): string =>
  table(
    [
      'model',
      'seed',
      'steps',
      'ELBO',
      'reconstruction',
      'KL',
      'accuracy of T',
      'log p(x), IS of 1000',
      'effective samples, median',
      'seconds',
    ],
    results.flatMap(({ model, seed, steps, seconds, elbo, nll }) =>
      elbo && nll
        ? [
            [
              model,
              seed,
              steps,
              number(elbo.elbo),
              number(elbo.reconstruction),
              number(elbo.kl),
              number(elbo['kl/accuracy'], 3),
              `${number(-nll.nll!)} ± ${number(nll.standardError)}`,
              number(nll.effectiveSampleSizeMedian, 1),
              Math.round(seconds),
            ],
          ]
        : [],
    ),
  );

/** How well each critic tells what it has to tell apart. */
const accuracies = ({ collapse }: Found): string =>
  Object.entries(collapse)
    .filter(([name]) => name.endsWith('/accuracy'))
    .map(([name, value]) => `${name.split('/')[0]!} ${number(value)}`)
    .join(', ');

/** What every model can be asked. */
const looks = (results: readonly Found[]): string =>
  table(
    [
      'model',
      'seed',
      'steps',
      'reconstruction or cost',
      'coverage, of what is expected',
      'diversity',
      "gain of a row's own code, nats",
      'active units',
      'accuracy of critics',
      'signs of collapse',
      'seconds',
    ],
    results.map((found) => {
      const { model, seed, steps, seconds, costs, collapse } = found;
      return [
        model,
        seed,
        steps,
        number(costs.reconstruction ?? costs.cost),
        `${number(collapse.coverage)} of ${number(collapse.expectedCoverage)}`,
        number(collapse.diversity),
        number(collapse.ownCodeGain, 1),
        collapse.activeUnits ?? '',
        accuracies(found),
        collapse.signs ?? '',
        Math.round(seconds),
      ];
    }),
  );

const flags: { readonly models: string; readonly 'data-dir': string | undefined } = {
  models: models.join(','),
  'data-dir': undefined,
};

export const mnist: Study<readonly Found[], typeof flags> = {
  summary: 'every model with its defaults on MNIST, by the command',
  seeds: [7],
  flags,

  async run({ seeds, values, root, ...context }) {
    const result: Found[] = [];
    const pictures: Record<string, Uint8Array> = {};
    for (const seed of seeds)
      for (const model of values.models.split(',')) {
        const dataDir = values['data-dir'];
        const how = { ...context, root, dataDir, bounded: bounded.includes(model) };
        result.push(await trainedByCommand(model, seed, how));
        pictures[`mnist-${model}.png`] ??= readFileSync(
          join(runOf(model, seed, context.out), 'samples.png'),
        );
      }
    return { result, pictures, holds: true };
  },

  page: (results) =>
    [
      '## Every model on MNIST, by the command',
      '`elbo train MODEL --data mnist` and nothing else: 54,000 of the 60,000 training images, for a tenth is held out to validate on, binarised afresh at every read where the model takes bits. Models with a likelihood bound, in nats on the first 500 test images, binarised once:',
      likelihoods(results),
      "AVB's ELBO is its discriminator's estimate; IWAE's the bound of its samples; AVAE's figures are of a density of grey values, and compare with nothing above them. Seconds are the run's, whatever else the machine did. Standard errors are over images, which the rows share: differences between models are surer than each figure. With few effective samples log p(x) is too low; its proposal is the posterior, and for AVB a widened normal. Reference, a rerun in JAX with these sizes at 40,000 steps on 1,000 test images: VAE −98.4 / −96.2, AVB −95.7 / −96.0 (ELBO / log p).",
      'All of them, as [`@elbo/evaluation`](../packages/evaluation) looks at them, on 500 test images: the share of these near which a sample lies; the mean squared distance of two samples as a share of that of two images (samples are means of p(x|z), images of the first table’s models bits).',
      looks(results),
      ...results
        .filter(({ model }) => model === 'aae-semi')
        .map(
          ({ costs, seed }) =>
            `aae-semi, with 100 labels, errs on ${number(100 * (1 - costs['classification/accuracy']!))} % of the 10,000 test images (seed ${seed}).`,
        ),
      table(
        ['100 samples', ''],
        [...new Set(results.map(({ model }) => model))].map((model) => [
          picture(`100 samples of ${model}`, `mnist-${model}.png`),
          model,
        ]),
      ),
    ].join('\n\n'),
};
