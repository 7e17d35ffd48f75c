// The results as a page's section.
import { binomialError } from './coverage.mjs';
import { least } from './divergences.mjs';
import { tolerance } from './likelihood.mjs';
import { widest } from './sandwich.mjs';

const show = (value, digits = 3) => value.toFixed(digits).replace(/^-/, '−');
const withError = ({ mean, error }, digits = 3) => `${show(mean, digits)} ± ${show(error, digits)}`;
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)} %`;
const covered = (share, count) => `${percent(share)} ± ${percent(binomialError(share, count))}`;
const verdict = (holds) => (holds ? 'holds' : '**missed**');
const line = (cells) =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
const tableOf = (head, body) =>
  [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');

function likelihoodSection(rows) {
  return [
    '### log p(x)',
    `Of 20 rows of linear-Gaussian models with 2 latents in 4 dimensions and 5 in 8, whose log p(x) is known; repeated with fresh noise. The mean of the repetitions must be within ${tolerance} nat. \`samplingError\` is what the estimate states; the intervals are ± 1.96 of it.`,
    tableOf(
      [
        '',
        'latents',
        'repetitions',
        'mean less the truth',
        'spread',
        'stated',
        'hold the truth (95 %)',
        '',
      ],
      rows.map((r) => [
        r.name,
        r.latent,
        r.repetitions,
        `**${show(r.bias, 4)}** ± ${show(r.biasError, 4)}`,
        show(r.spread, 4),
        show(r.stated, 4),
        covered(r.covered, r.repetitions),
        verdict(r.holds),
      ]),
    ),
  ].join('\n\n');
}

function sandwichSection(found) {
  const { latent, rows, chains, temperatures, leapfrogs, step } = found;
  return [
    '### Both bounds, of a decoder that was trained',
    `A VAE of ${latent} latents and 128 hidden units, ${step} steps on binarised strokes; ${rows} rows, ${chains} chains, ${temperatures} temperatures of ${leapfrogs} leapfrog steps. On rows that the model made (bidirectional Monte Carlo), and on held-out ones, where annealing and importance sampling from the encoder’s posterior are lower bounds both, and the second is blind where the encoder does not go. In nats; ± one standard error, of bounds over rows, else of sampling.`,
    tableOf(
      ['', 'found', 'must be', ''],
      [
        ['lower bound, rows that it made', withError(found.lower), '', ''],
        ['upper bound', withError(found.upper), '', ''],
        ['**gap**', `**${withError(found.gap)}**`, `< ${widest}`, verdict(found.holds)],
        ['acceptance', show(found.acceptance, 2), '', ''],
        ['annealing, held-out rows', withError(found.annealed), '', ''],
        [
          'importance sampling, 20,000 draws',
          `${withError(found.sampled)}, short by ${show(found.sampled.bias)}`,
          '',
          '',
        ],
      ],
    ),
  ].join('\n\n');
}

const notGated = 'no claim';

function divergenceSection(rows) {
  return [
    '### Kullback–Leibler divergences',
    `Two hundred repetitions each: how far the mean is from the truth, and how many intervals of 95 % hold it, ± the binomial standard error; at least ${percent(least)} must. Without \`calibration\` an interval is ± 1.96 stated errors and claims nothing: neighbours share what they know, and densities vary among them. With it (40 sets of draws from normals that fit) the bias of normals is taken off. Of other shapes it is not, and intervals hold less. \`klByClassifier\` bounds from below: there the share of intervals counts whose lower end is below the truth.`,
    tableOf(
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
        show(r.truth),
        `${show(r.bias, 4)} ± ${show(r.biasError, 4)}`,
        show(r.spread, 4),
        show(r.stated, 4),
        covered(r.covered, r.repetitions),
        percent(r.below),
        r.gated ? verdict(r.holds) : notGated,
      ]),
    ),
  ].join('\n\n');
}

function testSection({ rows, small, large, shift, permutations, powerRepetitions }) {
  return [
    '### Two-sample tests',
    `${small} draws against ${large} of normals in two dimensions, ${permutations} permutations. Of equal distributions p must be uniform (Kolmogorov–Smirnov, over ${rows[0].repetitions} pairs; rejected below .001); moved by ${shift} standard deviation along one coordinate, the tests must see it more often than not (${powerRepetitions} pairs, p ≤ .05).`,
    tableOf(
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
        show(r.statistic),
        show(r.p),
        covered(r.falseAlarms, r.repetitions),
        covered(r.power, powerRepetitions),
        verdict(r.holds),
      ]),
    ),
  ].join('\n\n');
}

const codeSection = (rows) =>
  [
    '### Disentanglement of codes made by hand',
    'Two factors, v of 0 to 3 and w of 0 to 2, every pair eight times: exactly independent, variances 5/4 and 2/3. DCI with its default penalty of .02 for the codes of one coordinate a factor, else with none.',
    tableOf(
      ['score', 'codes', 'found', 'by hand', 'why', ''],
      rows.map((r) => [
        r.score,
        r.codes,
        show(r.found, 6),
        show(r.byHand, 6),
        r.how,
        verdict(r.holds),
      ]),
    ),
  ].join('\n\n');

const sampleSection = (rows) =>
  [
    '### Samples',
    'Means over repetitions, ± one standard error. The supports are four squares of side 1 at distances of 10, 400 points, k = 5; “elsewhere” is a fifth square in place of the last.',
    tableOf(
      ['', 'found', 'exact', 'why', ''],
      rows.map((r) => [r.what, withError(r, 4), show(r.truth, 4), r.how, verdict(r.holds)]),
    ),
  ].join('\n\n');

const sections = {
  likelihood: likelihoodSection,
  sandwich: sandwichSection,
  divergences: divergenceSection,
  tests: testSection,
  codes: codeSection,
  samples: sampleSection,
};

/** The section: a part for each block. */
export function markdown(found, spent) {
  const seconds = Object.entries(spent).map(
    ([name, { coreSeconds }]) => `${name} ${show(coreSeconds, 0)}`,
  );
  return [
    '## Estimators against truth',
    'What `@elbo/evaluation` says where the answer is known.',
    ...Object.entries(found).map(([name, results]) => sections[name](results)),
    `Seconds of a core: ${seconds.join(', ')}.`,
  ].join('\n\n');
}
