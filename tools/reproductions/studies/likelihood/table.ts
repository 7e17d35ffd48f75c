// The result as a page's section.
import type { Estimate } from '@elbo/evaluation';
import { figure, withError } from '../../common/figures.js';
import { picture, table } from '../../common/tables.js';
import type { Comparison } from './comparisons.js';
import type { Kept, OfLatent } from './kept.js';

/** A difference that is claimed, of models of one latent dimension. */
export interface Checked extends Comparison {
  readonly latent: number;
}

export interface Result {
  readonly steps: number;
  readonly byLatent: readonly OfLatent[];
  readonly checked: readonly Checked[];
}

/** So many samples of each model are shown. */
export const shown = 60;

export const fileOf = (name: string, latent: number): string => `likelihood-${name}-${latent}.png`;

const show = (value: number): string => figure(value, 2);
const estimate = (value: Estimate): string => withError(value, 2);

function models(results: readonly Kept[]): string {
  return table(
    [
      'model',
      'steps',
      'ELBO by its own terms',
      'ELBO without the trained T',
      'log p(x), IS',
      'effective samples',
      'log p(x), AIS',
      'acceptance',
      'core seconds',
    ],
    results.map((result) => [
      result.name,
      result.steps,
      estimate(result.elbo),
      result.doctor ? estimate(result.doctor.elbo) : 'the same',
      estimate(result.importance.values),
      figure(result.importance.effective, 1),
      estimate(result.ais.values),
      show(result.ais.acceptance),
      Math.round(result.coreSeconds),
    ]),
  );
}

function verdicts(results: readonly Kept[]): string {
  return table(
    [
      'model',
      'verdict',
      'accuracy of T',
      'ELBO by T',
      'by fresh discriminators',
      'interval',
      'bounds without discriminators',
      'slope of T over T*: normal, two bumps, half a normal',
    ],
    results.flatMap(({ name, elbo, doctor }) =>
      doctor
        ? [
            [
              name,
              doctor.verdict,
              show(doctor.accuracy),
              show(elbo.mean),
              show(doctor.refit.elbo.mean),
              doctor.refit.interval.map(show).join(' to '),
              doctor.bounds
                ? [doctor.bounds.lower, doctor.bounds.upper]
                    .map(({ mean }) => show(mean))
                    .join(' to ')
                : '',
              (['normal', 'twoBumps', 'halfNormal'] as const)
                .map((shape) => show(doctor.refit.probes[shape]!.slope))
                .join(', '),
            ],
          ]
        : [],
    ),
  );
}

/** What ELBOs fall short of log p(x) by. */
function gaps(results: readonly Kept[]): readonly string[] {
  const known = results.flatMap(({ name, gaps: of }) => (of ? [{ name, of }] : []));
  if (known.length === 0) return [];
  return [
    table(
      [
        'what is missing to log p(x), AIS',
        'for the best normal of each image',
        'for the best factorised one',
        'from there to the encoder',
        'in all',
      ],
      known.map(({ name, of }) => [
        name,
        ...[of.full, of.diagonal, of.encoder, of.all].map(estimate),
      ]),
    ),
  ];
}

export function page({ steps, byLatent, checked }: Result): string {
  return [
    '## What a posterior is worth on binarised MNIST',
    `Networks of 784-200-200 and back, batches of 128, ${steps} steps; 60,000 training images binarised afresh at every read, test images binarised once. Nats, ± one standard error over images: ELBO and importance sampling (2,000 samples, from the posterior or a widened normal) on the first 500 test images, annealed importance sampling (4 chains, 400 temperatures, from a widened normal) on the first 100; AVB and VAE are compared by their ELBOs on the first 5,000, by annealing, with 8 dimensions, on the first 300. IWAE has 50 samples, and half of the steps, as has the VAE that it is compared with. The flow is two steps of an inverse autoregressive one. The long VAE has 2.5 times the steps, about the time of the anchored AVB. Plain AVB contrasts z with the prior’s, adaptive its standardised z with noise; anchored is a normal bent one-to-one, so that Jacobians and inverses bound its ELBO from both sides: the lower bound is its figure here, of the others what discriminators that were fitted afresh say. What IWAE’s own terms give is its bound of 50 samples.`,
    ...byLatent.flatMap(({ latent, results: of }) => [
      `### ${latent} latent dimensions`,
      models(of),
      verdicts(of),
      ...gaps(of),
      table(
        ['on the same images', 'difference', '', 'must be'],
        checked
          .filter((each) => each.latent === latent)
          .map(({ what, mean, error, required, holds }) => [
            what,
            `**${estimate({ mean, error })}**`,
            required === '' ? '' : holds ? 'holds' : 'MISSED',
            required,
          ]),
      ),
    ]),
    table(
      ['samples', ''],
      byLatent.flatMap(({ latent, results: of }) =>
        of.map(({ name }) => [
          picture(`${shown} samples of ${name}-${latent}`, fileOf(name, latent)),
          `${name}-${latent}`,
        ]),
      ),
    ),
  ].join('\n\n');
}
