// The result as a page's section.
import { mean, settingsUntold, spread } from '../../common/figures.js';
import { atLeast, gate, sayGates, type Gate } from '../../common/gates.js';
import { overSeeds, sayInterval, seedsToTell } from '../../common/intervals.js';
import { picture, table } from '../../common/tables.js';
import { batchSize, beta, hidden, latent, objectives, type Size } from './models.js';
import { factorNames, rows, type Scores } from './scores.js';
import { ordered } from './traversals.js';

/** The scores of one trained model. */
export interface Scored extends Scores {
  readonly objective: string;
  readonly seed: number;
  readonly coreSeconds: number;
}

/** By how much a score of a model exceeds that of the one before, by seed. */
interface Rise {
  readonly name: string;
  readonly values: readonly number[];
}

export interface Result extends Size {
  readonly results: readonly Scored[];
}

export const traversalsFile = 'disentanglement.png';

/** The model with the highest MIG. */
export const bestOf = (results: readonly Scored[]): Scored =>
  results.reduce((a, b) => (b.mig > a.mig ? b : a));

type Score = 'mig' | 'sap' | 'elbo' | 'disentanglement' | 'completeness' | 'factorVae' | 'betaVae';

/** MIG with shape, which is no amount, left out. */
const withoutShape = ({ ofFactors }: Scored): number =>
  mean(ofFactors.slice(factorNames.indexOf('shape') + 1));

const columns: readonly (readonly [string, (found: Scored) => number, number?])[] = [
  ['MIG', ({ mig }) => mig],
  ['MIG without shape', withoutShape],
  ['SAP', ({ sap }) => sap],
  ['DCI disentanglement', (found) => found.disentanglement],
  ['DCI completeness', ({ completeness }) => completeness],
  ['FactorVAE score', ({ factorVae }) => factorVae],
  ['β-VAE score', ({ betaVae }) => betaVae],
  ['ELBO', ({ elbo }) => elbo, 2],
];

/** By how much a score of each model exceeds that of the one before, paired by seed: both begin and read alike. */
function risesOf(results: readonly Scored[], score: Score): readonly Rise[] {
  const of = (objective: string): readonly Scored[] =>
    results.filter((found) => found.objective === objective);
  const names = Object.keys(objectives).filter((name) => of(name).length > 0);
  return names.slice(1).map((name, i) => {
    const before = of(names[i]!);
    return {
      name: `${name} − ${names[i]!}`,
      values: of(name).map((found, seed) => found[score] - before[seed]![score]),
    };
  });
}

/** What Chen et al. 2018 publish: the MIG rises from one to the next. */
export const gatesOf = (results: readonly Scored[]): readonly Gate[] =>
  risesOf(results, 'mig').map(({ name, values }) =>
    gate(`MIG of ${name}`, overSeeds(values), atLeast(0)),
  );

const differences = (results: readonly Scored[], score: Score, digits: number): string =>
  risesOf(results, score)
    .map(({ name, values }) => `${name} ${sayInterval(overSeeds(values), digits)}`)
    .join('; ');

/** What so many seeds say of the published order. */
function verdict(results: readonly Scored[]): string {
  const open = risesOf(results, 'mig').filter(
    ({ values }) => atLeast(0).verdict(overSeeds(values)) === 'not decided',
  );
  return [
    `Differences, paired by seed, with intervals of 95 % over seeds (Student’s t): of MIG ${differences(results, 'mig', 3)}; of the ELBO ${differences(results, 'elbo', 2)}.`,
    `Published is that the MIG rises from VAE by β-VAE to β-TCVAE. ${sayGates(gatesOf(results), 3)}`,
    ...open.map(
      ({ name, values }) =>
        `Were the mean and the spread of ${name} what ${values.length} seeds say, it would take about ${seedsToTell(values)} to tell it from 0.`,
    ),
  ].join(' ');
}

function comparison(results: readonly Scored[]): string {
  const body = Object.keys(objectives).map((objective) => {
    const own = results.filter((found) => found.objective === objective);
    return [
      objective,
      ...columns.map(([title, score, digits = 3]) => {
        const shown = spread(own.map(score), digits);
        return title === 'MIG' ? `**${shown}**` : shown;
      }),
      mean(own.map(({ coreSeconds }) => coreSeconds)).toFixed(0),
    ];
  });
  return table(['', ...columns.map(([title]) => title), 'seconds of a core'], body);
}

function ofFactors(results: readonly Scored[]): string {
  const body = Object.keys(objectives).map((objective) => {
    const own = results.filter((found) => found.objective === objective);
    return [
      objective,
      own.map(({ mig }) => mig.toFixed(3)).join(', '),
      ...factorNames.map((_, k) =>
        spread(
          own.map((found) => found.ofFactors[k]!),
          2,
        ),
      ),
    ];
  });
  return table(['', 'MIG, by seed', ...factorNames.map((name) => `gap of ${name}`)], body);
}

/** The section: the scores, what MIG is made of, the traversals of the best model. */
export function page({ results, steps, side }: Result): string {
  const best = bestOf(results);
  const named = ordered(best.information).map(
    ({ factor, share }) => `${factor} (${share.toFixed(2)})`,
  );
  return [
    '## Disentanglement',
    `VAE, β-VAE and β-TCVAE of β = ${beta} on the sprites of \`@elbo/datasets\`, ${side} × ${side}: equal networks (dense, tanh, ${hidden.join('-')}, ${latent} latent dimensions), ${steps} steps of ${batchSize} sprites each. Scores are of the means of q(z|x) at ${rows.toLocaleString('en')} held-out combinations of factors; mean ± standard deviation over seeds. ${settingsUntold}`,
    comparison(results),
    verdict(results),
    'MIG (Chen et al. 2018, eq. 6) is the mean over factors of the gap between the shares of the factor’s entropy that the best and the second best coordinate of z have:',
    ofFactors(results),
    'Published, on dSprites of 64 × 64 with far longer training: Chen et al. 2018 find the MIG of β-TCVAE above those of VAE and β-VAE, with shape left out; their own code gives about .50 for β-TCVAE ([rerun](https://github.com/YannDubs/disentangling-vae/issues/64)). Locatello et al. 2019 find that seeds and the strength of the regularisation matter more than which of these objectives it is. The figures above compare with each other, not with those: images, networks and steps are smaller here. SAP and DCI take each factor as an amount, shape among them.',
    `What each coordinate of the best model does (${best.objective}, seed ${best.seed}, MIG ${best.mig.toFixed(3)}), from −2 to 2 with the others at 0; a row for each, the most informative first, with the factor that it says most of and the share of that factor’s entropy: ${named.join(', ')}.`,
    picture('Latent traversals of the best model', traversalsFile),
  ].join('\n\n');
}
