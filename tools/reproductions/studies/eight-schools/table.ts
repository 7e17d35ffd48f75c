// The result as a page's section.
import { figure, withError } from '../../common/figures.js';
import { sayGates } from '../../common/gates.js';
import { picture, table } from '../../common/tables.js';
import { gatesOf, known } from './gates.js';
import type { Found, Result } from './result.js';

export const curvesFile = 'eight-schools-kl.svg';
export const pairsFile = 'eight-schools.svg';

const exactTable = ({ exact }: Found): string =>
  table(
    ['quantity', 'here, by quadrature', 'another program'],
    known.map(([quantity, name, value, digits]) => [
      name,
      `**${figure(exact[quantity], digits)}**`,
      figure(value, digits),
    ]),
  );

const momentTable = ({ moments }: Found): string =>
  table(
    [
      '',
      'quadrature',
      'exact draws',
      'HMC',
      'apart, standard errors',
      'chains from τ > 0',
      'from τ < 0',
    ],
    moments.rows.map(({ name, quadrature, direct, hmc, apart, ofModes }) => [
      name,
      quadrature === undefined ? '' : figure(quadrature, 4),
      withError(direct, 4),
      withError(hmc, 4),
      figure(apart, 1),
      ...ofModes.map((each) => withError(each)),
    ]),
  );

const posteriorTable = ({ normals, avb }: Found): string =>
  table(
    [
      'posterior',
      'KL to the exact one',
      'P(τ > 0)',
      'KL by its own ELBO',
      'steps',
      'seconds of a core',
    ],
    [
      ...Object.entries(normals).map(([name, { kl, all, coreSeconds }]) => [
        `${name} normal, best of ${all.length} starts (${all.map((value) => figure(value, 3)).join(', ')})`,
        withError(kl, 4),
        '',
        '',
        '',
        figure(coreSeconds, 0),
      ]),
      ...avb.map(({ seed, kl, positive, claimed, steps, coreSeconds }) => [
        `AVB, seed ${seed}`,
        `**${withError(kl)}**`,
        figure(positive, 3),
        figure(claimed, 3),
        steps,
        figure(coreSeconds, 0),
      ]),
    ],
  );

const controlTable = ({ controls }: Found): string =>
  table(
    ['control of the estimator', 'found', 'must be'],
    [
      ['exact draws of the posterior', withError(controls.exact), '0 ± .05'],
      ['the best full-rank normal', withError(controls['full-rank']), '1.175 ± .06'],
    ],
  );

/** The section: the exact posterior, the three ways to it, the approximations, the controls. */
export function page(found: Result): string {
  const { backend } = found;
  const { chains, warmUp, kept, leapfrogs, acceptance } = found.moments;
  return [
    '## Eight Schools',
    'y_j ~ N(μ + τη_j, σ_j) of eight schools, with μ, τ, η_j ~ N(0, 1) (Mescheder, Nowozin & Geiger 2017, section 6.1; the data as in their code). τ may be negative, so the posterior of ten dimensions has two modes that mirror each other. A density that is written down, no decoder that is trained: [how](guide/posteriors.md). In nats.',
    exactTable(found),
    `Exact draws take (μ, τ) from a grid and then each η_j from its normal; Hamiltonian Monte Carlo knows the model only (\`posteriorDraws\`, ${chains} chains, half from each mode, ${warmUp} transitions and ${kept} draws of ${leapfrogs} leapfrog steps, acceptance ${figure(acceptance, 2)}); ± one standard error, of chains from the spread of their means.`,
    momentTable(found),
    'KL(q ‖ posterior): of normals the mean of log q − log p over a million draws; of AVB by nearest neighbours (k = 1, 20,000 draws) after the bijection to independent effects. AVB has adaptive contrast; what its discriminator says of KL is no estimate of it.',
    posteriorTable(found),
    controlTable(found),
    sayGates(gatesOf(found)),
    picture('KL over iterations', curvesFile),
    picture('Draws of (μ, τ)', pairsFile),
    `Backend: ${backend.name} ${backend.version}.`,
  ].join('\n\n');
}
