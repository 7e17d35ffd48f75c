// The result as a page's section.
import { asBound, figure } from '../../common/figures.js';
import { sayGates, told, type Verdict } from '../../common/gates.js';
import { overSeeds, sayInterval } from '../../common/intervals.js';
import { picture, table } from '../../common/tables.js';
import type { Spent } from '../../runner/clock.js';
import type { Control } from './controls.js';
import { covers, excessBound, excessGate, gatesOf, requiredOf } from './gates.js';
import { variants, type Name } from './models.js';
import { optimum, paper, rerun, type Published } from './published.js';
import type { ByModel, Quantity, Result, Run } from './result.js';

export const pictureFile = 'four-pixels.svg';

const rows: readonly (readonly [Quantity, string, number])[] = [
  ['logLikelihood', 'log p(x)', 4],
  ['perPixel', 'reconstruction error per pixel', 5],
  ['elbo', 'true ELBO', 4],
  ['aggregate', 'KL(q(z), p(z))', 4],
  ['ownElbo', "ELBO by the model's own terms (AVB: by T)", 4],
  ['excess', 'that − true ELBO', 4],
];

/** A number to so many digits, and nothing where there is none. */
const show = (value: number | undefined, digits: number): string =>
  value === undefined ? '' : figure(value, digits);

/** A published number, with the digits that were published. */
const published = (value: number | undefined): string =>
  value === undefined ? '' : String(value).replace('-', '−');

/** Mean, and from two seeds on its interval of 95 %, over seeds. */
const ofSeeds = (results: readonly Run[], quantity: Quantity, digits: number): string =>
  sayInterval(overSeeds(results.map((result) => result[quantity])), digits);

/** The title of a column, and its cells. */
type Column = readonly [string, (quantity: Quantity, digits: number) => string];

/** The runs, each with its model's name. */
const runsOf = (byModel: ByModel): readonly (readonly [string, Run])[] =>
  Object.entries(byModel).flatMap(([name, runs]) =>
    runs.map((run) => [`${name.toUpperCase()}, seed ${run.seed}`, run] as const),
  );

/** Columns of each model: what was published of it where anything was, what was found, and what must be. */
function columnsOf(name: Name, results: readonly Run[]): readonly Column[] {
  const title = name.toUpperCase();
  const reference = (of: string, { [name]: values }: Published): readonly Column[] =>
    values ? [[`${title}, ${of}`, (quantity) => published(values[quantity])]] : [];
  const must = rows.some(([quantity]) => requiredOf(name, quantity) !== '');
  return [
    ...reference('paper', paper),
    ...reference('JAX rerun', rerun),
    [`**${title}, here**`, (quantity, digits) => `**${ofSeeds(results, quantity, digits)}**`],
    ...(must ? [['must be', (quantity) => requiredOf(name, quantity)] satisfies Column] : []),
  ];
}

function comparison(byModel: ByModel, names: readonly Name[]): string {
  const columns = names.flatMap((name) => columnsOf(name, byModel[name]!));
  const head = ['', ...columns.map(([title]) => title)];
  const body = rows.map(([quantity, title, digits]) => [
    title,
    ...columns.map(([, cell]) => cell(quantity, digits)),
  ]);
  return table(head, body);
}

/** The paper's table, and one of other forms of AVB. */
function comparisons(byModel: ByModel): readonly string[] {
  const names = Object.keys(byModel) as Name[];
  const others = names.filter((name) => variants.includes(name));
  return [names.filter((name) => !variants.includes(name)), others]
    .filter((of) => of.length > 0)
    .map((of) => comparison(byModel, of));
}

const duration = ({ seconds, coreSeconds }: Spent): string =>
  `${show(seconds, 0)} s, ${show(coreSeconds, 0)} s`;

function perRun(byModel: ByModel): string {
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
  const body = runsOf(byModel).map(([title, r]) => [
    title,
    show(r.logLikelihood, 4),
    `${show(r.lower, 4)} ≤ ${show(r.elbo, 4)} ≤ ${show(r.upper, 4)}`,
    `${show(r.disagreement, 4)} apart`,
    String(r.steps),
    duration(r.time.training),
    show(r.steps / r.time.training.coreSeconds, 1),
    duration(r.time.measuring),
  ]);
  return table(head, body);
}

/** Posteriors that are known, on which the doctor's discriminators were put to the test. */
const shapes = ['normal', 'twoBumps', 'halfNormal'] as const;

/** What the doctor says of T, and whether that is wrong. */
function judged(said: string, excess: Verdict): string {
  const wrong =
    (said === 'trustworthy' && excess === 'missed') || (said === 'lagging' && excess === 'holds');
  return wrong ? `${said}, **wrongly**` : said;
}

/** What fresh discriminators say, beside what nearest neighbours do. */
function doctorTable(byModel: ByModel): readonly string[] {
  const all = runsOf(byModel).flatMap(([title, run]) =>
    run.doctor ? [{ title, run, doctor: run.doctor }] : [],
  );
  if (all.length === 0) return [];
  const head = [
    'run',
    'true ELBO',
    'interval of the doctor',
    '',
    'ELBO by fresh discriminators',
    'by the trained T',
    `that of 300,000 draws, less the true one: ${excessBound.text}`,
    'verdict',
    'accuracy of T',
    'slope of T over T*: normal, two bumps, half a normal',
  ];
  const body = all.map(({ title, run, doctor }) => [
    title,
    show(run.elbo, 4),
    doctor.interval.map((value) => show(value, 4)).join(' to '),
    covers(doctor, run.elbo) ? 'holds it' : '**does not**',
    show(doctor.elbo, 4),
    asBound(doctor.claimed, run.logLikelihood, show(doctor.claimed, 4)),
    `${show(run.excess, 4)} ± ${show(run.disagreement, 4)}: ${told(excessGate(title, run).verdict)}`,
    judged(doctor.verdict, excessGate(title, run).verdict),
    show(doctor.accuracy, 3),
    shapes.map((shape) => show(doctor.probes[shape]?.slope, 2)).join(', '),
  ]);
  return [
    'The doctor: three discriminators of the same make are fitted to the finished encoder for 3,000 steps each, and judged at 200,000 draws; it knows nothing of nearest neighbours. Its verdict is wrong where it trusts a T that misses the bound, or calls one lagging that holds it.',
    table(head, body),
  ];
}

function controlTable(controls: readonly Control[]): string {
  const body = controls.map(({ name, exact, small, found }) => [
    name,
    show(exact, 4),
    show(small, 4),
    show(found, 4),
  ]);
  return table(['control', 'exact', 'at 3e5 an image', 'measured'], body);
}

/** The section: the comparison, each run, the controls. */
export function page({ models: byModel, controls, backend }: Result): string {
  return [
    '## Four pixels',
    `The four one-hot images of 2×2 pixels, z in the plane (Mescheder, Nowozin & Geiger 2017, table 1). No model exceeds log p(x) = −log 4 = ${show(optimum, 4)}. In nats, means over the images${Object.values(byModel).some((results) => results.length > 1) ? ', and over seeds, with the interval of 95 % of another choice of seeds (Student’s t)' : ''}.`,
    ...comparisons(byModel),
    sayGates(gatesOf(byModel)),
    'What T says beyond the true ELBO has to be within its bound for each seed, ± what the divergences change from 300,000 draws to a million: of five seeds the errors of both signs nearly cancel in the mean.',
    'log p(x) by quadrature on 800² points; both KL divergences by Kozachenko–Leonenko nearest neighbours (k = 4) from a million samples for each image, so that the true ELBO needs no discriminator. −log 4 − KL(q(z), p(z)) − reconstruction ≤ ELBO ≤ −log 4 − KL(q(z), p(z)) holds of any model.',
    perRun(byModel),
    ...doctorTable(byModel),
    `Backend: ${backend.name} ${backend.version}, ${backend.threads} thread${backend.threads === 1 ? '' : 's'}.`,
    controlTable(controls),
    ...(byModel.avb
      ? [picture("Samples of AVB's posteriors of the four images", pictureFile)]
      : []),
  ].join('\n\n');
}
