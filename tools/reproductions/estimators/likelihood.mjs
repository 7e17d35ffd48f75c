// log p(x) where it is known: importance sampling by every proposal, and annealing.
import { annealedLikelihood, defensive, estimateLikelihood, priorProposal } from '@elbo/evaluation';
import { fold, key } from '@elbo/random';
import { dispose } from '@tensorflow/tfjs-core';
import { againstTruth, repeated } from './coverage.mjs';
import { worldOf } from './world.mjs';

/** Within which the mean over repetitions has to be, in nats. */
export const tolerance = 0.02;

const sampling = [
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

/** One method in one world: repetitions with fresh noise on the same rows. */
async function row({ name, latent, world, repetitions, signal }, estimate) {
  const { batch, truth, ...rest } = world;
  const rows = batch();
  try {
    const found = await repeated(repetitions, signal, async (i) => {
      const noise = fold(fold(key(i), name), latent);
      const { mean, samplingError: error } = await estimate(rest, rows, noise);
      return { mean, error };
    });
    return { name, latent, rows: rows.x.shape[0], ...againstTruth(found, truth) };
  } finally {
    dispose(Object.values(rows));
  }
}

export async function likelihoods({ log, signal }) {
  const found = [];
  for (const latent of [2, 5]) {
    for (const { name, spread, ...how } of sampling) {
      // From the prior a posterior of five dimensions is found by a handful of samples.
      if (latent === 5 && how.proposal === priorProposal) continue;
      const world = worldOf(latent, { spread, size: 20 });
      log(`${name}, ${latent} latents`);
      const setting = { name, latent, world, repetitions: 40, signal };
      found.push(
        await row(setting, ({ model, params }, rows, noise) =>
          estimateLikelihood(model, params, rows, { key: noise, ...how }),
        ),
      );
    }
    const name = 'annealing, from the prior';
    log(`${name}, ${latent} latents`);
    const setting = { name, latent, world: worldOf(latent, { size: 20 }), repetitions: 20, signal };
    found.push(
      await row(setting, ({ model, params }, rows, noise) =>
        annealedLikelihood(model, params, rows, { key: noise, ...annealing }),
      ),
    );
  }
  return found.map((each) => ({ ...each, holds: Math.abs(each.bias) <= tolerance }));
}
