// Six models of equal networks: what they differ in is the posterior, the bound, and how its KL is had.
import { avb, avbRecipe } from '@elbo/avb';
import { standardNormal } from '@elbo/core';
import { traitsOf } from '@elbo/datasets';
import { networksFor } from '@elbo/decoders';
import { innerProductDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, flowEncoder, gaussianEncoder } from '@elbo/encoders';
import { iwaeRecipe } from '@elbo/iwae';
import { mlp } from '@elbo/networks';
import { vae, vaeRecipe } from '@elbo/vae';
import { byRecipe } from '../mnist/binary.mjs';

const hidden = [200, 200];
const features = 200;

const discriminator = () =>
  innerProductDiscriminator({
    x: mlp({ hidden: [features], activation: 'elu' }),
    z: mlp({ hidden: [features, features], activation: 'elu' }),
    features,
  });

/** A setting of a recipe, with another model in it. */
const instead = (setting, model) => ({ ...setting, model });

/** Half of the steps: fifty samples cost thirty times one. */
const half = ({ steps, ...how }) => ({ ...how, steps: steps / 2 });

/** By name, the model of a latent dimension, its data, and how it is trained. */
export const models = {
  vae: (latent, how) => byRecipe(vaeRecipe, { latent, hidden }, how),
  'vae-half': (latent, how) => byRecipe(vaeRecipe, { latent, hidden }, half(how)),
  'iwae-half': (latent, how) => byRecipe(iwaeRecipe, { latent, hidden, samples: 50 }, half(how)),
  'vae-full': (latent, how) => {
    const setting = byRecipe(vaeRecipe, { latent, hidden }, how);
    const { trunk, decoder } = networksFor(traitsOf(how.train), hidden);
    const encoder = gaussianEncoder({ network: trunk, latent, covariance: 'full' });
    return instead(setting, vae({ prior: standardNormal(latent), encoder, decoder }));
  },
  flow: (latent, how) => {
    const setting = byRecipe(vaeRecipe, { latent, hidden }, how);
    const { trunk, decoder } = networksFor(traitsOf(how.train), hidden);
    const encoder = flowEncoder({ network: trunk, latent, flow: 'autoregressive', steps: 2 });
    return instead(setting, vae({ prior: standardNormal(latent), encoder, decoder }));
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
  // Bent by noise of its own alone, its posterior is a mixture of normals, whose ELBO has bounds without a discriminator.
  'avb-anchored': (latent, how) => {
    const setting = byRecipe(avbRecipe, { latent, hidden, features, contrast: 'anchored' }, how);
    const { trunk, decoder } = networksFor(traitsOf(how.train), hidden);
    const encoder = anchoredEncoder({
      network: trunk,
      latent,
      noise: 16,
      hidden: [features],
    });
    const parts = { prior: standardNormal(latent), encoder, decoder };
    return instead(setting, avb({ ...parts, discriminator: discriminator() }));
  },
};
