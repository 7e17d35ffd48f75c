// log p(x) where it is known: importance sampling by what is fitted to each row and by other proposals, and annealing.
import {
  annealedLikelihood,
  estimateLikelihood,
  estimateOf,
  median,
  priorProposal,
  type LikelihoodOptions,
} from '@elbo/evaluation';
import { fold, key, type Key } from '@elbo/random';
import { clockFrom } from '../../runner/clock.js';
import type { Context } from '../../runner/study.js';
import { againstTruth, repeated, type Coverage } from './coverage.js';
import { fourPixels } from './four_pixels.js';
import { worldOf, type Latent, type World } from './world.js';

/** One method in one world. */
export interface LikelihoodRow extends Coverage {
  readonly name: string;
  readonly world: string;
  readonly latent: number;
  readonly rows: number;
  /** Importance samples, or chains, of each row. */
  readonly samples: number;
  /** The share of them that is effective in the median row, the mean over repetitions. */
  readonly effective: number;
  /** Seconds of a core, of each row. */
  readonly coreSeconds: number;
  /** Whether its interval of 95 % lies within the tolerance; what is known to fall short claims nothing. */
  readonly holds: boolean;
  readonly gated: boolean;
}

interface Found {
  readonly mean: number;
  readonly samplingError: number;
  /** Of each row. */
  readonly effective: Float64Array;
}

interface Method {
  readonly name: string;
  readonly samples: number;
  readonly repetitions: number;
  readonly gated: boolean;
  /** The encoder's standard deviations over those of the true posterior. */
  readonly spread: number;
  estimate(world: Place, rows: Rows, noise: Key): Promise<Found>;
}

type Place = Omit<World, 'covariance'>;
type Rows = ReturnType<World['batch']>;

/** Within which the mean over repetitions has to be, in nats. */
export const tolerance = 0.02;

const repetitions = 200;
const size = 10;
const annealing = { chains: 24, temperatures: 300, leapfrogs: 4 };

function importance(
  name: string,
  spread: number,
  proposal: NonNullable<LikelihoodOptions['proposal']>,
  { samples = 1000, gated = true } = {},
): Method {
  const estimate: Method['estimate'] = async ({ model, params }, rows, noise) => {
    const options = { key: noise, samples, proposal };
    const found = await estimateLikelihood(model, params, rows, options);
    return { ...found, effective: found.effectiveSampleSize };
  };
  return { name, samples, repetitions, gated, spread, estimate };
}

const fitted = importance('fitted to each row, from a posterior of half the width', 0.5, 'fitted');
const known = { gated: false };
const narrow = importance('the posterior, of half the width', 0.5, 'posterior', known);
const widened = importance(
  'a widened normal, from a posterior of .8 the width',
  0.8,
  'normal',
  known,
);
const prior = importance('the prior', 1, priorProposal, { samples: 20_000 });
const annealed: Method = {
  name: `annealing, ${annealing.temperatures} temperatures from the prior`,
  samples: annealing.chains,
  repetitions: 100,
  // In expectation a lower bound: more is not claimed of so few temperatures.
  gated: false,
  spread: 1,
  estimate: async ({ model, params }, rows, noise) => {
    const found = await annealedLikelihood(model, params, rows, { key: noise, ...annealing });
    return { ...found, effective: found.effectiveChains };
  },
};
/** Beyond a few dimensions the prior is no proposal, and annealing slow. */
const methods: Readonly<Record<Latent, readonly Method[]>> = {
  2: [fitted, narrow, widened, prior, annealed],
  8: [fitted, narrow, widened, annealed],
  20: [fitted, narrow, widened],
};

/** Repetitions with fresh noise on the same rows. */
async function row(
  { name, samples, repetitions: times, gated, estimate }: Method,
  world: Place,
  { of, latent }: { readonly of: string; readonly latent: number },
  signal: AbortSignal,
): Promise<LikelihoodRow> {
  const rows = world.batch();
  const count = rows.x.shape[0];
  try {
    const clock = clockFrom();
    const shares: number[] = [];
    const found = await repeated(times, signal, async (i) => {
      const noise = fold(fold(fold(key(i), name), of), latent);
      const { mean, samplingError, effective } = await estimate(world, rows, noise);
      shares.push(median(effective) / samples);
      return { mean, error: samplingError };
    });
    const coreSeconds = clock().coreSeconds / (times * count);
    const against = againstTruth(found, world.truth);
    return {
      name,
      world: of,
      latent,
      rows: count,
      samples,
      effective: estimateOf(shares).mean,
      coreSeconds,
      ...against,
      holds: Math.abs(against.bias) + 1.96 * against.biasError <= tolerance,
      gated,
    };
  } finally {
    rows.x.dispose();
  }
}

export async function likelihoods({
  log,
  signal,
}: Pick<Context, 'log' | 'signal'>): Promise<readonly LikelihoodRow[]> {
  const found: LikelihoodRow[] = [];
  const pixels = await fourPixels();
  for (const method of [fitted, prior]) {
    log(`${method.name}, four pixels`);
    found.push(await row(method, pixels, { of: 'four pixels', latent: 2 }, signal));
  }
  for (const latent of [2, 8, 20] as const)
    for (const method of methods[latent]) {
      log(`${method.name}, ${latent} latents`);
      const world = worldOf(latent, { spread: method.spread, size });
      found.push(await row(method, world, { of: 'linear-Gaussian', latent }, signal));
    }
  return found;
}
