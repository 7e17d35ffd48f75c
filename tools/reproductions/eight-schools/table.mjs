// The result as a page's section.

const show = (value, digits = 3) =>
  value === undefined ? '' : value.toFixed(digits).replace(/^-/, '−');
const withError = ({ mean, error }, digits = 3) => `${show(mean, digits)} ± ${show(error, digits)}`;

/** By quadrature, to the digits that are known from another program. */
const known = {
  logEvidence: ['log Z', -12.7108, 4],
  muMean: ['E μ', 0.7764, 4],
  muSd: ['sd μ', 0.3238, 4],
  tauAbsolute: ['E \\|τ\\|', 0.7024, 4],
  tauSd: ['sd τ', 0.7892, 4],
  tauMode: ['mode of \\|τ\\|', 0.625, 3],
};

const within = (name, value, middle, by) => ({
  name,
  value,
  required: `${show(middle, 4)} ± ${by}`,
  holds: Math.abs(value - middle) <= by,
});

/** What must hold, whether it does. */
export function gates({ exact, normals, moments, controls, avb }) {
  const farthest = Math.max(...moments.rows.map(({ apart }) => Math.abs(apart)));
  return [
    ...Object.entries(known).map(([quantity, [name, value, digits]]) =>
      within(name, exact[quantity], value, Number(`1e-${digits}`)),
    ),
    within('KL of the best mean-field normal', normals['mean-field'].kl.mean, 1.581, 0.003),
    within('KL of the best full-rank normal', normals['full-rank'].kl.mean, 1.175, 0.003),
    {
      name: 'farthest moment of HMC, standard errors',
      value: farthest,
      required: '≤ 3.5',
      holds: farthest <= 3.5,
    },
    within('control: exact posterior', controls.exact.mean, 0, 0.05),
    within('control: full-rank normal', controls['full-rank'].mean, 1.175, 0.06),
    ...avb.flatMap(({ seed, kl, positive }) => [
      {
        name: `KL of AVB, seed ${seed}`,
        value: kl.mean,
        required: '≤ 0.4',
        holds: kl.mean <= 0.4,
      },
      within(`P(τ > 0) of AVB, seed ${seed}`, positive, 0.5, 0.15),
    ]),
  ];
}

const line = (cells) => `| ${cells.join(' | ')} |`;
const tableOf = (head, body) =>
  [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');

const exactTable = ({ exact }) =>
  tableOf(
    ['quantity', 'here, by quadrature', 'another program'],
    Object.entries(known).map(([quantity, [name, value, digits]]) => [
      name,
      `**${show(exact[quantity], digits)}**`,
      show(value, digits),
    ]),
  );

const momentTable = ({ moments }) =>
  tableOf(
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
      name.replaceAll('|', '\\|'),
      show(quadrature, 4),
      withError(direct, 4),
      withError(hmc, 4),
      show(apart, 1),
      ...ofModes.map((each) => withError(each)),
    ]),
  );

const posteriorTable = ({ normals, avb }) =>
  tableOf(
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
        `${name} normal, best of ${all.length} starts (${all.map((value) => show(value)).join(', ')})`,
        withError(kl, 4),
        '',
        '',
        '',
        show(coreSeconds, 0),
      ]),
      ...avb.map(({ seed, kl, positive, claimed, steps, coreSeconds }) => [
        `AVB, seed ${seed}`,
        `**${withError(kl)}**`,
        show(positive),
        show(claimed),
        String(steps),
        show(coreSeconds, 0),
      ]),
    ],
  );

const controlTable = ({ controls }) =>
  tableOf(
    ['control of the estimator', 'found', 'must be'],
    [
      ['exact draws of the posterior', withError(controls.exact), '0 ± .05'],
      ['the best full-rank normal', withError(controls['full-rank']), '1.175 ± .06'],
    ],
  );

/** The section: the exact posterior, the three ways to it, the approximations, the controls. */
export function markdown(found, checked, backend) {
  const missed = checked.filter(({ holds }) => !holds);
  const { chains, warmUp, kept, leapfrogs, acceptance } = found.moments;
  return [
    '## Eight Schools',
    'y_j ~ N(μ + τη_j, σ_j) of eight schools, with μ, τ, η_j ~ N(0, 1) (Mescheder, Nowozin & Geiger 2017, section 6.1; the data as in their code). τ may be negative, so the posterior of ten dimensions has two modes that mirror each other. A density that is written down, no decoder that is trained: [how](guide/posteriors.md). In nats.',
    exactTable(found),
    `Exact draws take (μ, τ) from a grid and then each η_j from its normal; Hamiltonian Monte Carlo knows the model only (\`posteriorDraws\`, ${chains} chains, half from each mode, ${warmUp} transitions and ${kept} draws of ${leapfrogs} leapfrog steps, acceptance ${show(acceptance, 2)}); ± one standard error, of chains from the spread of their means.`,
    momentTable(found),
    'KL(q ‖ posterior): of normals the mean of log q − log p over a million draws; of AVB by nearest neighbours (k = 1, 20,000 draws) after the bijection to independent effects. AVB has adaptive contrast; what its discriminator says of KL is no estimate of it.',
    posteriorTable(found),
    controlTable(found),
    missed.length === 0
      ? 'Everything that is required holds.'
      : `**Missed:** ${missed.map(({ name, value, required }) => `${name} ${show(value, 4)}, required ${required}`).join('; ')}.`,
    '![KL over iterations](reproductions/eight-schools-kl.svg)',
    '![Draws of (μ, τ)](reproductions/eight-schools.svg)',
    `Backend: ${backend.name} ${backend.version}.`,
  ].join('\n\n');
}
