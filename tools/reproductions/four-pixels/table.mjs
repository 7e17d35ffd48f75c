// The result as a page's section.
import { mean } from '../../lib/spread.mjs';
import { variants } from './models.mjs';
import { covers, optimum, paper, required, rerun } from './published.mjs';

const rows = [
  ['logLikelihood', 'log p(x)', 4],
  ['perPixel', 'reconstruction error per pixel', 5],
  ['elbo', 'true ELBO', 4],
  ['aggregate', 'KL(q(z), p(z))', 4],
  ['ownElbo', "ELBO by the model's own terms (AVB: by T)", 4],
  ['excess', 'that − true ELBO', 4],
];

/** A number with a minus sign, a few digits, and nothing where there is none. */
const show = (value, digits) =>
  value === undefined
    ? ''
    : value
        .toFixed(digits)
        .replace(/^-(?=.*[1-9])/, '−')
        .replace(/^-/, '');

/** A published number, with the digits that were published. */
const published = (value) => (value === undefined ? '' : String(value).replace('-', '−'));

/** Mean, and from two seeds on the standard deviation, over seeds. */
function overSeeds(results, quantity, digits) {
  const values = results.map((result) => result[quantity]);
  const middle = mean(values);
  if (values.length < 2) return show(middle, digits);
  const spread = Math.sqrt(
    values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1),
  );
  return `${show(middle, digits)} ± ${show(spread, digits)}`;
}

/** Whether each bound on a model's mean over seeds holds. */
export function gates(name, results) {
  return Object.entries(required[name]).map(([quantity, { text, holds }]) => {
    const value = mean(results.map((result) => result[quantity]));
    return { model: name, quantity, value, required: text, holds: holds(value) };
  });
}

const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const tableOf = (head, body) =>
  [line(head), line(head.map(() => '---')), ...body.map(line)].join('\n');

/** Columns of each model: what was published of it where anything was, what was found, and what must be. */
function columnsOf(name, results) {
  const title = name.toUpperCase();
  const reference = (of, values) => values && [`${title}, ${of}`, (q) => published(values[q])];
  const must = rows.some(([quantity]) => required[name][quantity]);
  return [
    reference('paper', paper[name]),
    reference('JAX rerun', rerun[name]),
    [`**${title}, here**`, (q, digits) => `**${overSeeds(results, q, digits)}**`],
    must && ['must be', (q) => required[name][q]?.text ?? ''],
  ].filter(Boolean);
}

function comparison(byModel, names) {
  const columns = names.flatMap((name) => columnsOf(name, byModel[name]));
  const head = ['', ...columns.map(([title]) => title)];
  const body = rows.map(([quantity, title, digits]) => [
    title,
    ...columns.map(([, cell]) => cell(quantity, digits)),
  ]);
  return tableOf(head, body);
}

/** The paper's table, and one of other forms of AVB. */
function comparisons(byModel) {
  const names = Object.keys(byModel);
  const others = names.filter((name) => variants.includes(name));
  return [names.filter((name) => !variants.includes(name)), others]
    .filter((of) => of.length > 0)
    .map((of) => comparison(byModel, of));
}

const duration = ({ seconds, coreSeconds }) => `${show(seconds, 0)} s, ${show(coreSeconds, 0)} s`;

function perRun(byModel) {
  const all = Object.entries(byModel).flatMap(([name, results]) =>
    results.map((result) => ({ name, ...result })),
  );
  const head = [
    'run',
    'log p(x)',
    'lower ≤ true ELBO ≤ upper',
    'KLs at 3e5 and 1e6',
    'steps',
    'training: clock, core',
    'steps/s of core',
    'measuring: clock, core',
  ];
  const body = all.map((r) => [
    `${r.name.toUpperCase()}, seed ${r.seed}`,
    show(r.logLikelihood, 4),
    `${show(r.lower, 4)} ≤ ${show(r.elbo, 4)} ≤ ${show(r.upper, 4)}`,
    `${show(r.disagreement, 4)} apart`,
    String(r.steps),
    duration(r.time.training),
    show(r.steps / r.time.training.coreSeconds, 1),
    duration(r.time.measuring),
  ]);
  return tableOf(head, body);
}

/** Posteriors that are known, on which the doctor's discriminators were put to the test. */
const shapes = ['normal', 'twoBumps', 'halfNormal'];

/** What fresh discriminators say, beside what nearest neighbours do. */
function doctorTable(byModel) {
  const all = Object.entries(byModel).flatMap(([name, results]) =>
    results.filter(({ doctor }) => doctor).map((result) => ({ name, ...result })),
  );
  if (all.length === 0) return [];
  const head = [
    'run',
    'true ELBO',
    'interval of the doctor',
    '',
    'ELBO by fresh discriminators',
    'by the trained T',
    'verdict',
    'accuracy of T',
    'slope of T over T*: normal, two bumps, half a normal',
  ];
  const body = all.map((r) => [
    `${r.name.toUpperCase()}, seed ${r.seed}`,
    show(r.elbo, 4),
    r.doctor.interval.map((value) => show(value, 4)).join(' to '),
    covers(r) ? 'holds it' : '**does not**',
    show(r.doctor.elbo, 4),
    show(r.doctor.claimed, 4),
    r.doctor.verdict,
    show(r.doctor.accuracy, 3),
    shapes.map((shape) => show(r.doctor.probes[shape].slope, 2)).join(', '),
  ]);
  return [
    'The doctor: three discriminators of the same make are fitted to the finished encoder for 3,000 steps each, and judged at 200,000 draws; it knows nothing of nearest neighbours.',
    tableOf(head, body),
  ];
}

function controlTable(controls) {
  const body = controls.map(({ name, exact, small, found }) => [
    name,
    show(exact, 4),
    show(small, 4),
    show(found, 4),
  ]);
  return tableOf(['control', 'exact', 'at 3e5 an image', 'measured'], body);
}

/** The section: the comparison, each run, the controls. */
export function markdown({ byModel, controls, backend, picture }) {
  const missed = Object.entries(byModel)
    .flatMap(([name, results]) => gates(name, results))
    .filter(({ holds }) => !holds);
  return [
    '## Four pixels',
    `The four one-hot images of 2×2 pixels, z in the plane (Mescheder, Nowozin & Geiger 2017, table 1). No model exceeds log p(x) = −log 4 = ${show(optimum, 4)}. In nats, means over the images${Object.values(byModel).some((results) => results.length > 1) ? ', mean ± standard deviation over seeds' : ''}.`,
    ...comparisons(byModel),
    missed.length === 0
      ? 'Everything that is required holds.'
      : `**Missed:** ${missed.map(({ model, quantity, value, required }) => `${model} ${quantity} ${show(value, 4)}, required ${required}`).join('; ')}.`,
    'log p(x) by quadrature on 800² points; both KL divergences by Kozachenko–Leonenko nearest neighbours (k = 4) from a million samples for each image, so that the true ELBO needs no discriminator. −log 4 − KL(q(z), p(z)) − reconstruction ≤ ELBO ≤ −log 4 − KL(q(z), p(z)) holds of any model.',
    perRun(byModel),
    ...doctorTable(byModel),
    `Backend: ${backend.name} ${backend.version}, ${backend.threads} thread${backend.threads === 1 ? '' : 's'}.`,
    controlTable(controls),
    ...(picture
      ? [`![Samples of AVB's posteriors of the four images](reproductions/${picture})`]
      : []),
  ].join('\n\n');
}
