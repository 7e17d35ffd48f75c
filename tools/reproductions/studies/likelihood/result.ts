// What is kept of the study, and how it follows from rows.
import { mean } from '../../common/figures.js';
import { atLeast, type Verdict } from '../../common/gates.js';
import { differences, overSeedsAndRows, type Interval } from '../../common/intervals.js';
import { bySeed, type Rows } from '../../common/kept_rows.js';
import { median } from '../../common/median.js';
import type { Spent } from '../../runner/clock.js';

/** A trained model, beside its rows. */
export interface Run {
  readonly name: string;
  readonly latent: number;
  readonly seed: number;
  readonly steps: number;
  readonly training: Spent;
  readonly measuring: Spent;
  /** The standard error of its mean log p(x) by sampling alone. */
  readonly samplingError: number;
}

/** Figures of a row; `elbo` is known from both sides where they differ. */
type Quantity = 'own' | 'lower' | 'upper' | 'logLikelihood' | 'effective';

/** A mean over seeds and rows, and over rows of each seed. */
interface Figure {
  readonly all: Interval;
  readonly bySeed: readonly number[];
}

/** A method of one latent dimension. */
export interface Method {
  readonly name: string;
  readonly seeds: readonly number[];
  readonly steps: number;
  readonly own: Figure;
  /** Bounds of the true ELBO; both are the model's own ELBO where that is exact, and missing where nothing tells. */
  readonly lower?: Figure;
  readonly upper?: Figure;
  readonly logLikelihood: Figure;
  /** Effective samples of the median row of all seeds, and the share of rows below a hundred. */
  readonly effective: number;
  readonly below: number;
}

/** One method less another, on the same rows, seed by seed. */
export interface Compared {
  readonly what: string;
  readonly seeds: readonly number[];
  readonly difference: Interval;
  readonly bySeed: readonly number[];
  /** Whether it is at least 0. */
  readonly verdict: Verdict;
}

export interface OfLatent {
  readonly latent: number;
  readonly methods: readonly Method[];
  readonly compared: readonly Compared[];
}

export interface Result {
  readonly trainedOn: number;
  /** How many test rows. */
  readonly rows: number;
  readonly runs: readonly Run[];
  readonly byLatent: readonly OfLatent[];
}

/** The name of a model of a latent dimension, in rows and files. */
export const titleOf = (name: string, latent: number): string => `${name}-${latent}`;

/** Models whose own terms are no ELBO of theirs. */
const withoutElbo: readonly string[] = ['iwae-half', 'avb-plain', 'avb-adaptive'];

/** Two methods, and the title of the comparison. */
const pairs: readonly (readonly [string, string, string])[] = [
  ['avb-anchored', 'vae', 'anchored AVB over VAE, equal steps'],
  ['avb-anchored', 'vae-long', 'anchored AVB over VAE, equal time'],
  ['flow', 'vae', 'flow over VAE, equal steps'],
  ['iwae-half', 'vae-half', 'IWAE over VAE, equal steps'],
];

function figureOf(values: readonly (readonly number[])[]): Figure | undefined {
  if (values.length === 0) return undefined;
  return { all: overSeedsAndRows(values), bySeed: values.map(mean) };
}

/** What the table says of a latent dimension. */
function ofLatent(latent: number, runs: readonly Run[], rows: readonly Rows[]): OfLatent {
  const names = [...new Set(runs.map(({ name }) => name))];
  const seedsOf = (name: string): readonly number[] =>
    runs.filter((run) => run.name === name).map(({ seed }) => seed);
  const valuesOf = (
    name: string,
    quantity: Quantity,
    seeds = seedsOf(name),
  ): readonly (readonly number[])[] => {
    const own = bySeed(rows, titleOf(name, latent), quantity, seeds);
    const bound = quantity === 'lower' || quantity === 'upper';
    return bound && own.length === 0 && !withoutElbo.includes(name)
      ? valuesOf(name, 'own', seeds)
      : own;
  };
  const methods = names.map((name): Method => {
    const effective = valuesOf(name, 'effective').flat();
    const [lower, upper] = (['lower', 'upper'] as const).map((of) => figureOf(valuesOf(name, of)));
    return {
      name,
      seeds: seedsOf(name),
      steps: runs.find((run) => run.name === name)!.steps,
      own: figureOf(valuesOf(name, 'own'))!,
      ...(lower && { lower }),
      ...(upper && { upper }),
      logLikelihood: figureOf(valuesOf(name, 'logLikelihood'))!,
      effective: median(effective),
      below: effective.filter((size) => size < 100).length / effective.length,
    };
  });
  /** Of the seeds that both have. */
  const compare = (
    what: string,
    [a, ofA]: readonly [string, Quantity],
    [b, ofB]: readonly [string, Quantity],
  ): readonly Compared[] => {
    const seeds = seedsOf(a).filter((seed) => seedsOf(b).includes(seed));
    const [own, other] = [valuesOf(a, ofA, seeds), valuesOf(b, ofB, seeds)];
    if (own.length === 0 || other.length === 0) return [];
    const apart = differences(own, other);
    const difference = overSeedsAndRows(apart);
    const verdict = atLeast(0).verdict(difference);
    return [{ what, seeds, difference, bySeed: apart.map(mean), verdict }];
  };
  const compared = pairs.flatMap(([a, b, title]) => [
    ...compare(`true ELBO, from below: ${title}`, [a, 'lower'], [b, 'upper']),
    ...compare(`log p(x): ${title}`, [a, 'logLikelihood'], [b, 'logLikelihood']),
  ]);
  return { latent, methods, compared };
}

/** Everything that the section shows: whoever has the rows can make it again. */
export function resultOf(
  { runs, trainedOn, rows: count }: Pick<Result, 'runs' | 'trainedOn' | 'rows'>,
  rows: readonly Rows[],
): Result {
  const latents = [...new Set(runs.map(({ latent }) => latent))];
  const byLatent = latents.map((latent) =>
    ofLatent(
      latent,
      runs.filter((run) => run.latent === latent),
      rows,
    ),
  );
  return { trainedOn, rows: count, runs, byLatent };
}
