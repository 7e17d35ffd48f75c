// Wasserstein autoencoders on MNIST, by divergence.
import { mmd2 } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { grid } from '@elbo/report';
import { validate } from '@elbo/training';
import { wvaeRecipe } from '@elbo/wvae';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { byRecipe } from '../mnist/binary.mjs';
import { codesOf, kept } from '../mnist/kept.mjs';

export const divergences = ['mmd', 'sinkhorn', 'critic', 'adversarial'];

const blocks = 10;
const rows = 1000;
const shown = 60;

/** How well one model reconstructs held-out images, how far their codes are from the prior, and its samples. */
export async function wasserstein({ train, held }, { divergence, steps, seed, ...how }) {
  const setting = byRecipe(wvaeRecipe, { divergence }, { train, steps, seed });
  const { model } = setting;
  const { params, coreSeconds } = await kept(divergence, setting, { seed, ...how });
  const { cost } = await validate(model, params, held, { signal: how.signal });
  const { codes } = await codesOf(model, params, held, blocks * rows);
  const made = model.sample(params.primal, key(seed), shown);
  const picture = grid(await made.data(), {
    count: shown,
    shape: made.shape.slice(1),
    columns: 12,
    scale: 2,
  });
  made.dispose();
  const distance = mmdOf(codes, model.prior, seed);
  return { divergence, steps, seed, cost, ...distance, coreSeconds, picture };
}

/** MMD² of codes to the prior: mean and standard error over blocks of held-out rows. */
function mmdOf(codes, prior, seed) {
  const size = rows * prior.dim;
  const values = Array.from({ length: blocks }, (_, i) =>
    tidy(() => {
      const z = tensor2d(codes.slice(i * size, (i + 1) * size), [rows, prior.dim]);
      const draws = prior.sample(fold(fold(key(seed), 'mmd'), i), rows);
      return mmd2(z, draws).dataSync()[0];
    }),
  );
  const mmd = values.reduce((a, b) => a + b) / blocks;
  const variance = values.reduce((a, b) => a + (b - mmd) ** 2, 0) / (blocks - 1);
  return { mmd, mmdError: Math.sqrt(variance / blocks) };
}
