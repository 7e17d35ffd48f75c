import { DataError } from '@elbo/core';
import { measure, type Batch, type Model, type ModelParams, type Term } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { dispose, slice, type Tensor } from '@tensorflow/tfjs-core';
import { compareSamples } from './compare_samples.js';
import { activeUnits, ownCodeGain } from './encoder_use.js';
import { expectEnough, expectFinite } from './estimable.js';
import { sayEstimate, type Estimate } from './estimate.js';
import { areBits, drawLike, drawnAs, type DrawnAs } from './samples/drawn.js';
import { neighbourhoods, type Neighbourhood } from './samples/neighbourhoods.js';

/** How collapse is looked for. */
export interface CollapseOptions {
  readonly key: Key;
  /** Iterations done: where weights and schedules stand. */
  readonly step: number;
}

/** Something that broke in training, in words: what, how it shows, and what usually helps. */
export interface Sign {
  readonly kind: 'saturated critic' | 'mode collapse' | 'dead encoder';
  readonly says: string;
}

/** How samples lie among one half of the held-out rows, beside how the other half does: what a perfect sampler would score. */
export interface SamplesSeen {
  /** What samples are, to be in the form of the data. */
  readonly drawn: DrawnAs;
  /** Of as many rows as a quarter of those given; the error is the standard deviation of the figure of one such set. */
  readonly figures: Readonly<Record<Neighbourhood, Estimate>>;
  /** The same of held-out rows. */
  readonly ofData: Readonly<Record<Neighbourhood, Estimate>>;
  /**
   * The mean squared distance between means of p(x|z) at two draws from the prior, as a share of that between two rows: 0
   * where all are alike, and less than 1 by the noise of p(x|z).
   */
  readonly diversity: number;
}

/** What was measured, and the signs of collapse in it. */
export interface Collapse {
  readonly signs: readonly Sign[];
  /** The held-out accuracy of each critic of a game that has one, by its term; those of divergences measure a ratio, and are judged by it. */
  readonly accuracies: Readonly<Record<string, number>>;
  /** Of a batch of 50 rows or more. */
  readonly samples?: SamplesSeen;
  /** Of a model with an encoder, and a batch of two rows or more. */
  readonly encoder?: { readonly ownCodeGain: Estimate; readonly activeUnits: number };
  /** Why one of these could not be estimated, by its name. */
  readonly notEstimable: Readonly<Partial<Record<'accuracies' | 'samples' | 'encoder', string>>>;
}

/** Fewer rows say nothing of modes. */
const fewestRows = 50;
/** A critic that is right more often leaves its opponent next to no gradient. */
const saturation = 0.99;
/** Samples that reach fewer of the data than this share of what held-out rows do leave modes out. */
const leastCoverage = 0.5;
/** Samples that differ less than this from each other, by the data's measure, are all alike. */
const leastDiversity = 0.2;
/** Nats: a decoder that gains less from z makes nothing of it. */
const leastGain = 0.05;

/**
 * Looks for the ways in which adversarial training and autoencoders fail without a loss that says so: a critic that is
 * always right, samples that are all alike or leave out part of the data, a decoder that ignores z.
 *
 * What cannot be estimated of these rows is no sign of anything, and is named with the reason in `notEstimable`.
 *
 * @param batch Held-out rows, some hundreds.
 */
export async function findCollapse(
  model: Model,
  params: ModelParams,
  batch: Batch,
  { key, step }: CollapseOptions,
): Promise<Collapse> {
  const notEstimable: Record<string, string> = {};
  const attempt = async <T>(name: string, estimate: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await estimate();
    } catch (thrown) {
      if (!(thrown instanceof DataError)) throw thrown;
      notEstimable[name] = thrown.message;
      return undefined;
    }
  };
  const samples = await attempt('samples', () =>
    samplesOf(model, params, batch, { key: fold(key, 'samples'), step }),
  );
  const accuracies =
    (await attempt('accuracies', () => accuraciesOf(model, params, batch, { key, step }))) ?? {};
  const encoder =
    model.encoder && (await attempt('encoder', () => useOf(model, params, batch, key)));
  return {
    signs: [
      ...Object.entries(accuracies).flatMap(([name, accuracy]) => saturated(name, accuracy)),
      ...(samples ? collapsed(samples, gamesOf(model).length > 0) : []),
      ...(encoder ? dead(encoder.ownCodeGain) : []),
    ],
    accuracies,
    ...(samples && { samples }),
    ...(encoder && { encoder }),
    notEstimable,
  };
}

async function useOf(
  model: Model,
  params: ModelParams,
  batch: Batch,
  key: Key,
): Promise<NonNullable<Collapse['encoder']>> {
  const gain = await ownCodeGain(model, params, batch, fold(key, 'information'));
  expectFinite('ownCodeGain', 'the mean over rows, number', [gain.mean]);
  const active = await activeUnits(model, params, batch, fold(key, 'units'));
  return { ownCodeGain: gain, activeUnits: active };
}

/**
 * In the units that the networks see: of a standardised model's data as they are, the column of the largest unit would
 * decide alone.
 */
async function samplesOf(
  model: Model,
  params: ModelParams,
  batch: Batch,
  { key, step }: CollapseOptions,
): Promise<SamplesSeen> {
  const rows = batch.x.shape[0];
  expectEnough('Modes among samples', rows, fewestRows);
  const plain = model.standard?.model ?? model;
  const forward = model.forward(params.primal, batch, { step, key, training: false });
  const made: Tensor[] = [];
  try {
    const { x, condition } = forward.pass;
    const bits = await areBits(x);
    const half = Math.floor(rows / 2);
    const means = plain.sample(params.primal, key, rows, condition);
    made.push(means);
    const drawn = bits ? drawLike(bits, plain, params, key, rows, condition) : means;
    const reference = slice(x, 0, half);
    const held = slice(x, half);
    made.push(drawn, reference, held);
    const among = (set: Tensor, name: string): ReturnType<typeof neighbourhoods> =>
      neighbourhoods(set, reference, { key: fold(key, name), size: Math.floor(half / 2) });
    const { diversity } = await compareSamples(means, x);
    return {
      drawn: drawnAs(bits),
      figures: await among(drawn, 'samples'),
      ofData: await among(held, 'held'),
      diversity,
    };
  } finally {
    dispose(made);
    forward.dispose();
  }
}

/** Its terms with critics that are opponents, not estimates of a ratio. */
function gamesOf(model: Model): readonly Term[] {
  return model.terms.filter(({ adversary, role }) => adversary && role === 'regulariser');
}

async function accuraciesOf(
  model: Model,
  params: ModelParams,
  batch: Batch,
  { key, step }: CollapseOptions,
): Promise<Readonly<Record<string, number>>> {
  const games = gamesOf(model);
  if (games.length === 0) return {};
  const measured = measure(model, params, batch, { step, key: fold(key, 'games') });
  try {
    const found = Object.create(null) as Record<string, number>;
    for (const { name } of games) {
      const accuracy = measured[`${name}/accuracy`];
      if (accuracy) found[name] = (await accuracy.data<'float32'>())[0]!;
    }
    for (const [name, accuracy] of Object.entries(found))
      expectFinite(`The accuracy of the critic of '${name}'`, 'batch', [accuracy]);
    return found;
  } finally {
    dispose(Object.values(measured));
  }
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

function saturated(name: string, accuracy: number): readonly Sign[] {
  if (accuracy <= saturation) return [];
  return [
    {
      kind: 'saturated critic',
      says:
        `Saturated critic: that of '${name}' is right ${(100 * accuracy).toFixed(1)} % of the time on held-out rows, so its opponent learns next to nothing from it. ` +
        'Give it a lower rate or fewer steps, smooth its labels, hold it back (`balance`), or penalise its slope (`r1`, `gradientPenalty`).',
    },
  ];
}

const remedies = {
  game: 'Add an `r1` or a gradient penalty, show the critic whole minibatches (`minibatchDeviation`), use the hinge or Wasserstein game, lower the rates, or add an encoder and a reconstruction.',
  likelihood:
    'Train for more steps, weigh the divergence less or anneal it (`linear`, `cyclical`), or give the decoder and z more room.',
};

function collapsed({ figures, ofData, diversity }: SamplesSeen, games: boolean): readonly Sign[] {
  const alike = diversity < leastDiversity;
  const [coverage, expected] = [figures.coverage.mean, ofData.coverage.mean];
  if (!alike && coverage >= leastCoverage * expected) return [];
  const shows = alike
    ? `two samples differ by ${percent(diversity)} of what two rows of data do`
    : `samples come near ${percent(coverage)} of held-out rows, where other held-out rows come near ${percent(expected)}`;
  return [
    {
      kind: 'mode collapse',
      says: `Mode collapse: ${shows}. ${games ? remedies.game : remedies.likelihood}`,
    },
  ];
}

function dead(gain: Estimate): readonly Sign[] {
  const { mean, error } = gain;
  if (mean > Math.max(leastGain, 2 * error)) return [];
  const why =
    mean < -Math.max(leastGain, 2 * error)
      ? 'below 0, so that the decoder uses z, and codes tell nothing of their rows'
      : mean + 2 * error > leastGain
        ? 'not two standard errors above 0, so that these rows do not show that the decoder uses z'
        : `no more than ${leastGain} nats, so that the decoder ignores z`;
  return [
    {
      kind: 'dead encoder',
      says:
        `Dead encoder: log p(x|z) at a row's own code less that at another row's is ${sayEstimate(gain)} nats: ${why}. ` +
        'Anneal the weight of the divergence (`linear`, `cyclical`), give it free bits, or weaken the decoder (`wordDropout` in a sequence decoder).',
    },
  ];
}
