// The result as a page's section.
import { estimateOf } from '@elbo/evaluation';
import { mean, spread } from '../../lib/spread.mjs';
import { batchSize, beta, hidden, latent, objectives } from './models.mjs';
import { factorNames, rows } from './scores.mjs';
import { ordered } from './traversals.mjs';

const columns = [
  ['MIG', 'mig'],
  ['MIG without shape', 'withoutShape'],
  ['SAP', 'sap'],
  ['DCI disentanglement', 'disentanglement'],
  ['DCI completeness', 'completeness'],
  ['FactorVAE score', 'factorVae'],
  ['β-VAE score', 'betaVae'],
  ['ELBO', 'elbo', 2],
];

/** By how much a score of each model exceeds that of the one before, paired by seed: both begin and read alike. */
export function risesOf(results, score) {
  const names = Object.keys(objectives);
  const valueOf = (objective, seed) =>
    results.find((found) => found.objective === objective && found.seed === seed)[score];
  const seeds = [...new Set(results.map(({ seed }) => seed))];
  return names.slice(1).map((name, i) => {
    const before = names[i];
    return {
      name: `${name} − ${before}`,
      ...estimateOf(seeds.map((seed) => valueOf(name, seed) - valueOf(before, seed))),
    };
  });
}

const signed = (value, digits) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;

function differences(results, score, digits) {
  const told = risesOf(results, score).map(({ name, mean: value, error }) => {
    const around = Number.isNaN(error) ? '' : ` ± ${error.toFixed(digits)}`;
    return `${name} ${signed(value, digits)}${around}`;
  });
  return told.join('; ');
}

function verdict(results) {
  const missed = risesOf(results, 'mig').filter(({ mean: value }) => value <= 0);
  return [
    `Differences, paired by seed, ± one standard error, of MIG: ${differences(results, 'mig', 3)}; of the ELBO: ${differences(results, 'elbo', 2)}.`,
    missed.length === 0
      ? 'The mean MIG rises from VAE by β-VAE to β-TCVAE, as published.'
      : `**Missed:** the mean MIG should rise from VAE by β-VAE to β-TCVAE, and ${missed.map(({ name }) => name).join(' and ')} is not above 0.`,
  ].join(' ');
}

const line = (cells) => `| ${cells.join(' | ')} |`;
const tableOf = (head, body) =>
  [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');

function comparison(results) {
  const body = Object.keys(objectives).map((objective) => {
    const own = results.filter((found) => found.objective === objective);
    return [
      objective,
      ...columns.map(([, score, digits = 3]) => {
        const shown = spread(
          own.map((found) => found[score]),
          digits,
        );
        return score === 'mig' ? `**${shown}**` : shown;
      }),
      mean(own.map(({ coreSeconds }) => coreSeconds)).toFixed(0),
    ];
  });
  return tableOf(['', ...columns.map(([title]) => title), 'seconds of a core'], body);
}

function ofFactors(results) {
  const body = Object.keys(objectives).map((objective) => {
    const own = results.filter((found) => found.objective === objective);
    return [
      objective,
      own.map(({ mig }) => mig.toFixed(3)).join(', '),
      ...factorNames.map((_, k) =>
        spread(
          own.map((found) => found.ofFactors[k]),
          2,
        ),
      ),
    ];
  });
  return tableOf(['', 'MIG, by seed', ...factorNames.map((name) => `gap of ${name}`)], body);
}

/** The section: the scores, what MIG is made of, the traversals of the best model. */
export function markdown(all, { steps, side, best, picture }) {
  const results = all.map((found) => ({
    ...found,
    withoutShape: mean(found.ofFactors.slice(factorNames.indexOf('shape') + 1)),
  }));
  const named = ordered(best.information).map(
    ({ factor, share }) => `${factor} (${share.toFixed(2)})`,
  );
  return [
    '## Disentanglement',
    `VAE, β-VAE and β-TCVAE of β = ${beta} on the sprites of \`@elbo/datasets\`, ${side} × ${side}: equal networks (dense, tanh, ${hidden.join('-')}, ${latent} latent dimensions), ${steps} steps of ${batchSize} sprites each. Scores are of the means of q(z|x) at ${rows.toLocaleString('en')} held-out combinations of factors; mean ± standard deviation over seeds.`,
    comparison(results),
    verdict(all),
    'MIG (Chen et al. 2018, eq. 6) is the mean over factors of the gap between the shares of the factor’s entropy that the best and the second best coordinate of z have:',
    ofFactors(results),
    'Published, on dSprites of 64 × 64 with far longer training: Chen et al. 2018 find the MIG of β-TCVAE above those of VAE and β-VAE, with shape left out; their own code gives about .50 for β-TCVAE ([rerun](https://github.com/YannDubs/disentangling-vae/issues/64)). Locatello et al. 2019 find that seeds and the strength of the regularisation matter more than which of these objectives it is. The figures above compare with each other, not with those: images, networks and steps are smaller here. SAP and DCI take each factor as an amount, shape among them.',
    `What each coordinate of the best model does (${best.objective}, seed ${best.seed}, MIG ${best.mig.toFixed(3)}), from −2 to 2 with the others at 0; a row for each, the most informative first, with the factor that it says most of and the share of that factor’s entropy: ${named.join(', ')}.`,
    `![Latent traversals of the best model](reproductions/${picture})`,
  ].join('\n\n');
}
