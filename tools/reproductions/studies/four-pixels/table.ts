// The result as a page's section.
import { sayGates } from '../../common/gates.js';
import { overSeeds, sayInterval } from '../../common/intervals.js';
import { picture, table } from '../../common/tables.js';
import type { Spent } from '../../runner/clock.js';
import type { Control } from './controls.js';
import { doctorTable } from './doctor.js';
import { gatesOf, requiredOf } from './gates.js';
import { variants, type Name } from './models.js';
import { optimum, paper, rerun, type Published } from './published.js';
import type { ByModel, Quantity, Result, Run } from './result.js';
import { runsOf, show } from './runs.js';

export const pictureFile = 'four-pixels.svg';

const rows: readonly (readonly [Quantity, string, number])[] = [
  ['logLikelihood', 'log p(x)', 4],
  ['perPixel', 'reconstruction error per pixel', 5],
  ['elbo', 'true ELBO', 4],
  ['aggregate', 'KL(q(z), p(z))', 4],
  ['ownElbo', "ELBO by the model's own terms (AVB: by T)", 4],
  ['excess', 'that − true ELBO', 4],
];

/** A published number, with the digits that were published. */
const published = (value: number | undefined): string =>
  value === undefined ? '' : String(value).replace('-', '−');

/** Mean, and from two seeds on its interval of 95 %, over seeds. */
const ofSeeds = (results: readonly Run[], quantity: Quantity, digits: number): string =>
  sayInterval(overSeeds(results.map((result) => result[quantity])), digits);

/** The title of a column, and its cells. */
type Column = readonly [string, (quantity: Quantity, digits: number) => string];

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
