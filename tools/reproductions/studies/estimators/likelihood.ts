// log p(x) where it is known: importance sampling by every proposal, and annealing.
import {
  annealedLikelihood,
  defensive,
  estimateLikelihood,
  priorProposal,
  type LikelihoodOptions,
} from '@elbo/evaluation';
import { fold, key, type Key } from '@elbo/random';
import type { Context } from '../../runner/study.js';
import { againstTruth, repeated, type Coverage } from './coverage.js';
import { worldOf, type World } from './world.js';

/** One method in one world. */
export interface LikelihoodRow extends Coverage {
  readonly name: string;
  readonly latent: number;
  readonly rows: number;
  readonly holds: boolean;
}

interface Sampling {
  readonly name: string;
  /** The posterior's standard deviations over the true ones. */
  readonly spread: number;
  readonly proposal: NonNullable<LikelihoodOptions['proposal']>;
  readonly samples: number;
}

interface Setting {
  readonly name: string;
  readonly latent: 2 | 5;
  readonly world: World;
  readonly repetitions: number;
  readonly signal: AbortSignal;
}

/** Within which the mean over repetitions has to be, in nats. */
export const tolerance = 0.02;

const sampling: readonly Sampling[] = [
  {
    name: 'importance, posterior 1.3 times too wide',
    spread: 1.3,
    proposal: 'posterior',
    samples: 2000,
  },
  { name: 'importance, a widened normal', spread: 0.8, proposal: 'normal', samples: 2000 },
  {
    name: 'importance, posterior halved, defensive',
    spread: 0.5,
    proposal: defensive(0.2),
    samples: 5000,
  },
  { name: 'importance, the prior', spread: 1, proposal: priorProposal, samples: 20_000 },
];
const annealing = { chains: 24, temperatures: 300, leapfrogs: 4 };

type Rows = ReturnType<World['batch']>;

/** Repetitions with fresh noise on the same rows. */
async function row(
  { name, latent, world, repetitions, signal }: Setting,
  estimate: (
    rows: Rows,
    noise: Key,
  ) => Promise<{ readonly mean: number; readonly samplingError: number }>,
): Promise<Omit<LikelihoodRow, 'holds'>> {
  const rows = world.batch();
  try {
    const found = await repeated(repetitions, signal, async (i) => {
      const noise = fold(fold(key(i), name), latent);
      const { mean, samplingError: error } = await estimate(rows, noise);
      return { mean, error };
    });
    return { name, latent, rows: rows.x.shape[0], ...againstTruth(found, world.truth) };
  } finally {
    rows.x.dispose();
  }
}

export async function likelihoods({
  log,
  signal,
}: Pick<Context, 'log' | 'signal'>): Promise<readonly LikelihoodRow[]> {
  const found: Omit<LikelihoodRow, 'holds'>[] = [];
  for (const latent of [2, 5] as const) {
    for (const { name, spread, ...how } of sampling) {
      // From the prior a posterior of five dimensions is found by a handful of samples.
      if (latent === 5 && how.proposal === priorProposal) continue;
      const world = worldOf(latent, { spread, size: 20 });
      log(`${name}, ${latent} latents`);
      const setting = { name, latent, world, repetitions: 40, signal };
      found.push(
        await row(setting, (rows, noise) =>
          estimateLikelihood(world.model, world.params, rows, { key: noise, ...how }),
        ),
      );
    }
    const name = 'annealing, from the prior';
    log(`${name}, ${latent} latents`);
    const world = worldOf(latent, { size: 20 });
    const setting = { name, latent, world, repetitions: 20, signal };
    found.push(
      await row(setting, (rows, noise) =>
        annealedLikelihood(world.model, world.params, rows, { key: noise, ...annealing }),
      ),
    );
  }
  return found.map((each) => ({ ...each, holds: Math.abs(each.bias) <= tolerance }));
}
