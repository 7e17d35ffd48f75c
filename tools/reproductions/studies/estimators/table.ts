// The results as a page's section.
import { figure, percent, verdict, withError } from '../../common/figures.js';
import { table } from '../../common/tables.js';
import type { Spent } from '../../runner/clock.js';
import type { CodeRow } from './codes.js';
import { binomialError } from './coverage.js';
import { least, type DivergenceRow } from './divergences.js';
import { tolerance, type LikelihoodRow } from './likelihood.js';
import type { SampleRow } from './samples.js';
import { widest, type Sandwich } from './sandwich.js';
import type { TwoSamples } from './two_samples.js';

/** What each block of estimators gives. */
export interface Blocks {
  readonly likelihood: readonly LikelihoodRow[];
  readonly sandwich: Sandwich;
  readonly divergences: readonly DivergenceRow[];
  readonly tests: TwoSamples;
  readonly codes: readonly CodeRow[];
  readonly samples: readonly SampleRow[];
}

/** The blocks that were asked for, in their order, and what each took. */
export interface Result extends Partial<Blocks> {
  readonly spent: Partial<Readonly<Record<keyof Blocks, Spent>>>;
}

const notGated = 'no claim';

const covered = (share: number, count: number): string =>
  `${percent(share)} ± ${percent(binomialError(share, count))}`;

function likelihoodSection(rows: Blocks['likelihood']): string {
  return [
    '### log p(x)',
    `Of rows whose log p(x) is known: four pixels of a decoder in the plane that was never trained, by quadrature, and linear-Gaussian models with 2 latents in 4 dimensions, 8 in 12 and 20 in 28; repeated with fresh noise. Unless nothing is claimed, the interval of 95 % of the mean of the repetitions must lie within ${tolerance} nat of the truth. \`samplingError\` is what the estimate states of the mean over rows; the intervals are ± 1.96 of it. Effective samples, or chains, are the share of the median row. Seconds are those of a core, a row, with whatever else ran.`,
    table(
      [
        'samples from',
        'world',
        'latents',
        'rows',
        'samples',
        'repetitions',
        'mean less the truth',
        'spread',
        'stated',
        'hold the truth (95 %)',
        'effective',
        'seconds a row',
        '',
      ],
      rows.map((r) => [
        r.name,
        r.world,
        r.latent,
        r.rows,
        r.samples,
        r.repetitions,
        `**${figure(r.bias, 4)}** ± ${figure(r.biasError, 4)}`,
        figure(r.spread, 4),
        figure(r.stated, 4),
        covered(r.covered, r.repetitions),
        percent(r.effective),
        figure(r.coreSeconds, 4),
        r.gated ? verdict(r.holds) : notGated,
      ]),
    ),
  ].join('\n\n');
}

function sandwichSection(found: Sandwich): string {
  const { latent, rows, chains, temperatures, leapfrogs, step } = found;
  return [
    '### Both bounds, of a decoder that was trained',
    `A VAE of ${latent} latents and 128 hidden units, ${step} steps on binarised strokes; ${rows} rows, ${chains} chains, ${temperatures} temperatures of ${leapfrogs} leapfrog steps. On rows that the model made (bidirectional Monte Carlo), and on held-out ones. Importance samples are 4,000 of a proposal that is fitted to each row. In nats; ± one standard error, of sampling for the held-out rows, else over rows.`,
    table(
      ['', 'found', 'must be', ''],
      [
        ['lower bound, rows that it made', withError(found.lower), '', ''],
        ['upper bound', withError(found.upper), '', ''],
        ['**gap**', `**${withError(found.gap)}**`, `< ${widest}`, verdict(found.holds)],
        ['acceptance', figure(found.acceptance, 2), '', ''],
        ['annealing, held-out rows', withError(found.annealed), '', ''],
        ['importance sampling, held-out rows', withError(found.sampled), '', ''],
        [
          'importance sampling less the middle of the bounds, rows that it made',
          `${withError(found.aside, 4)}; by sampling ± ${figure(found.samplingError, 4)}`,
          '',
          '',
        ],
        [
          'annealing at its defaults less importance sampling, the same rows',
          `${withError(found.usual)}; in one row ${figure(found.usual.worst, 2)}`,
          '',
          '',
        ],
      ],
    ),
  ].join('\n\n');
}

function divergenceSection(rows: Blocks['divergences']): string {
  return [
    '### Kullback–Leibler divergences',
    `Two hundred repetitions each: how far the mean is from the truth, and how many intervals of 95 % hold it, ± the binomial standard error; at least ${percent(least)} must. Without \`calibration\` an interval is ± 1.96 stated errors and claims nothing: neighbours share what they know, and densities vary among them. With it (40 sets of draws from normals that fit) the bias of normals is taken off. Of other shapes it is not, and intervals hold less. \`klByClassifier\` bounds from below: there the share of intervals counts whose lower end is below the truth.`,
    table(
      [
        'estimator',
        'pair',
        'draws',
        'calibrated',
        'truth',
        'mean less the truth',
        'spread',
        'stated',
        'intervals that hold it',
        'lower ends below it',
        '',
      ],
      rows.map((r) => [
        `\`${r.estimator}\``,
        r.name,
        r.count,
        r.calibrated === undefined ? '' : r.calibrated ? 'yes' : 'no',
        figure(r.truth, 3),
        `${figure(r.bias, 4)} ± ${figure(r.biasError, 4)}`,
        figure(r.spread, 4),
        figure(r.stated, 4),
        covered(r.covered, r.repetitions),
        percent(r.below),
        r.gated ? verdict(r.holds) : notGated,
      ]),
    ),
  ].join('\n\n');
}

function testSection(found: TwoSamples): string {
  const { rows, small, large, shift, permutations, powerRepetitions } = found;
  return [
    '### Two-sample tests',
    `${small} draws against ${large} of normals in two dimensions, ${permutations} permutations. Of equal distributions p must be uniform (Kolmogorov–Smirnov, over ${rows[0]!.repetitions} pairs; rejected below .001); moved by ${shift} standard deviation along one coordinate, the tests must see it more often than not (${powerRepetitions} pairs, p ≤ .05).`,
    table(
      [
        'test',
        'Kolmogorov–Smirnov D',
        'its p',
        'p ≤ .05 of equal ones',
        'p ≤ .05 of moved ones',
        '',
      ],
      rows.map((r) => [
        `\`${r.name}\``,
        figure(r.statistic, 3),
        figure(r.p, 3),
        covered(r.falseAlarms, r.repetitions),
        covered(r.power, powerRepetitions),
        verdict(r.holds),
      ]),
    ),
  ].join('\n\n');
}

const codeSection = (rows: readonly CodeRow[]): string =>
  [
    '### Disentanglement of codes made by hand',
    'Two factors, v of 0 to 3 and w of 0 to 2, every pair eight times: exactly independent, variances 5/4 and 2/3. DCI with its default penalty of .02 for the codes of one coordinate a factor, else with none.',
    table(
      ['score', 'codes', 'found', 'by hand', 'why', ''],
      rows.map((r) => [
        r.score,
        r.codes,
        figure(r.found, 6),
        figure(r.byHand, 6),
        r.how,
        verdict(r.holds),
      ]),
    ),
  ].join('\n\n');

const sampleSection = (rows: readonly SampleRow[]): string =>
  [
    '### Samples',
    'Means over repetitions, ± one standard error. The supports are four squares of side 1 at distances of 10, 400 points, k = 5; “elsewhere” is a fifth square in place of the last.',
    table(
      ['', 'found', 'exact', 'why', ''],
      rows.map((r) => [r.what, withError(r, 4), figure(r.truth, 4), r.how, verdict(r.holds)]),
    ),
  ].join('\n\n');

const sections: { readonly [Name in keyof Blocks]: (found: Blocks[Name]) => string } = {
  likelihood: likelihoodSection,
  sandwich: sandwichSection,
  divergences: divergenceSection,
  tests: testSection,
  codes: codeSection,
  samples: sampleSection,
};

const section = <Name extends keyof Blocks>(name: Name, found: Blocks[Name]): string =>
  sections[name](found);

/** The section: a part for each block. */
export function page({ spent, ...blocks }: Result): string {
  const names = Object.keys(blocks) as (keyof Blocks)[];
  const seconds = Object.entries(spent).map(
    ([name, { coreSeconds }]) => `${name} ${figure(coreSeconds, 0)}`,
  );
  return [
    '## Estimators against truth',
    'What `@elbo/evaluation` says where the answer is known.',
    ...names.map((name) => section(name, blocks[name]!)),
    `Seconds of a core: ${seconds.join(', ')}.`,
  ].join('\n\n');
}
