// The result as a page's section.
import { trained } from '../../common/binary_mnist.js';
import { asBound, deviation, figure, mean, percent, settingsUntold } from '../../common/figures.js';
import type { Verdict } from '../../common/gates.js';
import { sayInterval, seedsToTell } from '../../common/intervals.js';
import { picture, table } from '../../common/tables.js';
import { titleOf, type Compared, type Method, type OfLatent, type Result } from './result.js';

/** So many samples of each model are shown. */
export const shown = 60;

export const fileOf = (name: string, latent: number): string => `likelihood-${name}-${latent}.png`;

const digits = 2;

/** A bound's mean, marked where it is above log p(x). */
const bound = (of: Method['lower'], { logLikelihood }: Pick<Method, 'logLikelihood'>): string =>
  of ? asBound(of.all.mean, logLikelihood.all.mean, sayInterval(of.all, digits)) : 'not known';

function methodTable({ latent, methods }: OfLatent, { runs }: Result): string {
  return table(
    [
      'model',
      'seeds',
      'steps',
      'ELBO by its own terms',
      'true ELBO, from below',
      'from above',
      'log p(x)',
      'error of sampling',
      'effective samples, median',
      'rows below 100 of them',
      'core seconds of training',
    ],
    methods.map((method) => {
      const own = runs.filter((run) => run.name === method.name && run.latent === latent);
      return [
        method.name,
        method.seeds.length,
        method.steps,
        bound(method.own, method),
        bound(method.lower, method),
        bound(method.upper, method),
        sayInterval(method.logLikelihood.all, digits),
        figure(Math.max(...own.map((run) => run.samplingError)), 3),
        figure(method.effective, 0),
        percent(method.below),
        figure(mean(own.map((run) => run.training.coreSeconds)), 0),
      ];
    }),
  );
}

/** How far seeds of one setting are apart. */
function seedTable({ methods }: OfLatent): string {
  const cells = (values: readonly number[] | undefined): readonly string[] =>
    values === undefined
      ? ['not known', '']
      : [
          values.map((value) => figure(value, digits)).join(', '),
          values.length < 2 ? '' : deviation(values).toFixed(digits),
        ];
  return table(
    [
      'means over rows, by seed',
      'true ELBO, from below',
      'standard deviation',
      'log p(x)',
      'standard deviation',
    ],
    methods.map(({ name, lower, logLikelihood }) => [
      name,
      ...cells(lower?.bySeed),
      ...cells(logLikelihood.bySeed),
    ]),
  );
}

/** What an interval says of the sign of a difference. */
const signs: Readonly<Record<Verdict, string>> = {
  holds: 'higher',
  missed: 'lower',
  'not decided': 'not told apart',
};

const comparisonTable = (compared: readonly Compared[]): string =>
  table(
    ['on the same rows, seed by seed', 'seeds', 'difference', 'by seed', ''],
    compared.map(({ what, seeds, difference, bySeed, verdict }) => [
      what,
      seeds.length,
      `**${sayInterval(difference, digits)}**`,
      bySeed.map((value) => figure(value, digits)).join(', '),
      signs[verdict],
    ]),
  );

/** What the comparison of AVB and VAE shows. */
function conclusion({ latent, compared }: OfLatent): readonly string[] {
  const parts = ['equal steps', 'equal time'].flatMap((when) =>
    ['true ELBO, from below', 'log p(x)'].flatMap((of) => {
      const found = compared.find(({ what }) => what === `${of}: anchored AVB over VAE, ${when}`);
      if (!found) return [];
      const { difference, verdict, bySeed } = found;
      const open = verdict === 'not decided' && bySeed.length > 1;
      const more = open ? `, and about ${seedsToTell(bySeed)} seeds would tell` : '';
      return [
        `at ${when} its ${of.replace('from below', 'from below,')} is ${signs[verdict]}: ${sayInterval(difference, digits)} nats${more}`,
      ];
    }),
  );
  if (parts.length === 0) return [];
  return [`The anchored AVB with ${latent} dimensions, against the VAE: ${parts.join('; ')}.`];
}

/** What has to be said of models, where they are there. */
const notes: readonly (readonly [readonly string[], string])[] = [
  [
    ['vae-long'],
    'The long VAE has 2.1 times the steps, which take it as many seconds of a core as the anchored AVB.',
  ],
  [
    ['avb-anchored'],
    'Anchored AVB is a normal bent one-to-one, so that Jacobians and inverses bound its ELBO from both sides.',
  ],
  [
    ['avb-plain', 'avb-adaptive'],
    'Plain AVB contrasts z with the prior’s, adaptive its standardised z with noise: what their own terms give is a discriminator’s guess.',
  ],
  [
    ['iwae-half'],
    'IWAE has 50 samples, and half of the steps, as has the VAE that it is compared with; its own terms give its bound of 50 samples.',
  ],
  [['flow'], 'The flow is two steps of an inverse autoregressive one.'],
];

export function page(result: Result): string {
  const { rows, byLatent, runs } = result;
  const about = notes
    .filter(([names]) => runs.some(({ name }) => names.includes(name)))
    .map(([, note]) => note)
    .join(' ');
  return [
    '## What a posterior is worth on binarised MNIST',
    `Networks of 784-200-200 and back, batches of 128. ${trained(result)} They are binarised afresh at every read, test images once, and the first ${rows.toLocaleString('en')} of these are read once, when everything is trained. In nats, means over seeds and rows with intervals of 95 % for another choice of both (seeds, rows and what a seed makes of a row are random effects); differences are of the same rows, seed by seed. log p(x) is by importance sampling from proposals that are fitted to each row. ${about} One setting of each is compared; ${settingsUntold.replace(/^./, (first) => first.toLowerCase())} The settings are older than the division of the images, and were looked at on test images.`,
    ...byLatent.flatMap((of) => [
      `### ${of.latent} latent dimensions`,
      methodTable(of, result),
      seedTable(of),
      ...(of.compared.length === 0 ? [] : [comparisonTable(of.compared)]),
      ...conclusion(of),
    ]),
    'Every row’s figures are in [`rows/likelihood.json`](reproductions/rows/likelihood.json), from which these tables follow.',
    table(
      ['samples', ''],
      byLatent.flatMap(({ latent, methods }) =>
        methods.map(({ name }) => {
          const title = titleOf(name, latent);
          return [picture(`${shown} samples of ${title}`, fileOf(name, latent)), title];
        }),
      ),
    ),
  ].join('\n\n');
}
