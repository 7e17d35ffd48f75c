// The models, which differ in their objective alone, and how they are trained.
import { standardNormal } from '@elbo/core';
import { sprites } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { adam, chain, clipByGlobalNorm, cosine } from '@elbo/optimisers';
import { vae } from '@elbo/vae';

export const latent = 10;
export const hidden = [128, 128];
export const batchSize = 64;

/** The β of both, as Chen et al. train on dSprites: that of the KL, and that of the total correlation alone. */
export const beta = 6;

/** The objectives, in the order in which their scores are to rise. */
export const objectives = {
  VAE: {},
  'β-VAE': { beta },
  'β-TCVAE': { totalCorrelation: beta - 1 },
};

/** What is trained, on what and how. */
export function settingOf(objective, { steps, side }) {
  const data = sprites({ side });
  // With relu the codes fold early: a place then takes several coordinates, and few steps do not undo it.
  const network = mlp({ hidden, activation: 'tanh' });
  return {
    data,
    model: vae({
      prior: standardNormal(latent),
      encoder: gaussianEncoder({ network, latent }),
      decoder: bernoulliDecoder({ network, shape: data.shape }),
      ...objectives[objective],
    }),
    training: {
      steps,
      batchSize,
      primal: chain(
        clipByGlobalNorm(200),
        adam(cosine({ from: 3e-3, steps, start: Math.floor(0.6 * steps) })),
      ),
    },
  };
}
