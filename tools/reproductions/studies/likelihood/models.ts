// Models of equal networks: what they differ in is the posterior, the bound, and how its KL is had.
import { avbRecipe } from '@elbo/avb';
import { standardNormal } from '@elbo/core';
import { traitsOf } from '@elbo/datasets';
import { networksFor } from '@elbo/recipes';
import { flowEncoder } from '@elbo/encoders';
import { iwaeRecipe } from '@elbo/iwae';
import { vae, vaeRecipe } from '@elbo/vae';
import { byRecipe, type RecipeRun } from '../../common/binary_mnist.js';
import type { Setting } from '../../runner/setting.js';

const hidden = [200, 200];
const features = 200;

/** Half of the steps: fifty samples cost thirty times one. */
const half = ({ steps, ...how }: RecipeRun): RecipeRun => ({ ...how, steps: steps / 2 });

/**
 * Steps that take a VAE as long as an anchored AVB takes for its own: seconds of a core a step, with 8 dimensions, in six rounds in
 * turn, have a ratio of 2.1 (39.3 over 18.8 ms the quickest round, 50.2 over 23.1 the median one).
 */
const long = ({ steps, ...how }: RecipeRun): RecipeRun => ({
  ...how,
  steps: Math.round(2.1 * steps),
});

/** Those whose ELBO is known by the map that their posterior moves noise with. */
export const moved: readonly string[] = ['avb-anchored'];

/** By name, the model of a latent dimension. */
export const settings: Readonly<Record<string, (latent: number, how: RecipeRun) => Setting>> = {
  vae: (latent, how) => byRecipe(vaeRecipe, { latent, hidden }, how),
  'vae-long': (latent, how) => byRecipe(vaeRecipe, { latent, hidden }, long(how)),
  'vae-half': (latent, how) => byRecipe(vaeRecipe, { latent, hidden }, half(how)),
  'iwae-half': (latent, how) => byRecipe(iwaeRecipe, { latent, hidden, samples: 50 }, half(how)),
  flow: (latent, how) => {
    const setting = byRecipe(vaeRecipe, { latent, hidden }, how);
    const { trunk, decoder } = networksFor(traitsOf(how.train), { hidden });
    const encoder = flowEncoder({ network: trunk, latent, flow: 'autoregressive', steps: 2 });
    return { ...setting, model: vae({ prior: standardNormal(latent), encoder, decoder }) };
  },
  'avb-plain': (latent, how) =>
    byRecipe(avbRecipe, { latent, hidden, features, contrast: 'plain' }, how),
  'avb-adaptive': (latent, how) =>
    byRecipe(
      avbRecipe,
      {
        latent,
        hidden,
        features,
        contrast: 'adaptive',
        learningRate: 3e-4,
        discriminatorRate: 6e-4,
      },
      how,
    ),
  // With hardly any noise beside the one that it moves, its Jacobian tells its entropy nearly exactly. What T has to follow
  // grows with the dimensions: with 32 of them and .9 it saturates.
  'avb-anchored': (latent, how) => {
    const lipschitz = latent > 8 ? 0.3 : 0.9;
    return byRecipe(avbRecipe, { latent, hidden, features, noise: 1, lipschitz }, how);
  },
};
