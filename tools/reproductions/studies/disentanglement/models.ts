// The models, which differ in their objective alone, and how they are trained.
import { standardNormal } from '@elbo/core';
import { sprites } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { adam, chain, clipByGlobalNorm, cosine } from '@elbo/optimisers';
import { vae } from '@elbo/vae';
import type { Setting } from '../../runner/setting.js';

export const latent = 10;
export const hidden: readonly number[] = [128, 128];
export const batchSize = 64;

/** The β of both, as Chen et al. train on dSprites: that of the KL, and that of the total correlation alone. */
export const beta = 6;

/** The objectives, in the order in which their scores are to rise. */
export const objectives: Readonly<
  Record<string, { readonly beta?: number; readonly totalCorrelation?: number }>
> = {
  VAE: {},
  'β-VAE': { beta },
  'β-TCVAE': { totalCorrelation: beta - 1 },
};

/** How long, and the side of the images. */
export interface Size {
  readonly steps: number;
  readonly side: number;
}

export function settingOf(objective: string, { steps, side }: Size): Setting {
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
