// Wasserstein autoencoders on MNIST, by divergence.
import type { Prior } from '@elbo/core';
import { estimateOf } from '@elbo/evaluation';
import { mmd2 } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { grid } from '@elbo/report';
import { validate } from '@elbo/training';
import { wvaeRecipe } from '@elbo/wvae';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { byRecipe, codesOf, type BinaryMnist } from '../../common/binary_mnist.js';
import type { Context } from '../../runner/study.js';
import { withTrained } from '../../runner/trained.js';

export const divergences: readonly string[] = ['mmd', 'sinkhorn', 'critic', 'adversarial'];

const blocks = 10;
const rows = 1000;
const shown = 60;

/** What is trained. */
export interface Chosen {
  readonly divergence: string;
  readonly steps: number;
  readonly seed: number;
}

/** How well it reconstructs held-out images, and how far their codes are from the prior. */
export interface Trained extends Chosen {
  readonly cost: number;
  readonly mmd: number;
  readonly mmdError: number;
  readonly coreSeconds: number;
}

/** Trains one model and measures it; a PNG of its samples. */
export function trainedWith(
  { train, held }: BinaryMnist,
  chosen: Chosen,
  context: Context,
): Promise<{ readonly found: Trained; readonly samples: Uint8Array }> {
  const { divergence, steps, seed } = chosen;
  const setting = byRecipe(wvaeRecipe, { divergence }, { train, steps, seed });
  return withTrained(divergence, setting, { ...context, seed }, async (trained) => {
    const { model, params, coreSeconds } = trained;
    const { cost } = await validate(model, params, held, { signal: context.signal });
    const { codes } = await codesOf(model, params, held, blocks * rows);
    const made = model.sample(params.primal, key(seed), shown);
    const shape = made.shape.slice(1);
    const samples = grid(await made.data<'float32'>(), {
      count: shown,
      shape,
      columns: 12,
      scale: 2,
    });
    made.dispose();
    const { mean: mmd, error: mmdError } = mmdOf(codes, model.prior, seed);
    return { found: { ...chosen, cost: cost!, mmd, mmdError, coreSeconds }, samples };
  });
}

/** MMD² of codes to the prior: mean and standard error over blocks of held-out rows. */
function mmdOf(codes: Float32Array, prior: Prior, seed: number): ReturnType<typeof estimateOf> {
  const size = rows * prior.dim;
  return estimateOf(
    Array.from({ length: blocks }, (_, i) =>
      tidy(() => {
        const z = tensor2d(codes.slice(i * size, (i + 1) * size), [rows, prior.dim]);
        const draws = prior.sample(fold(fold(key(seed), 'mmd'), i), rows);
        return mmd2(z, draws).dataSync()[0]!;
      }),
    ),
  );
}
