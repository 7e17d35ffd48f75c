// What the table says of one trained model.
import { diagnose } from '@elbo/evaluation';
import type { Store } from '@elbo/core';
import { fold, key } from '@elbo/random';
import { knownEnds } from '../../common/ends.js';
import { mean } from '../../common/figures.js';
import { clockFrom, type Spent } from '../../runner/clock.js';
import { remembered } from '../../runner/remembered.js';
import { divergencesAtBothSizes, sizes } from './divergence.js';
import { excessMatters } from './gates.js';
import { logLikelihoods } from './one_hot.js';
import { logIntegral, midpoints } from './quadrature.js';
import type { Doctored, Evidence, Measured, OfSamples, OwnElbo, Sandwich } from './result.js';
import {
  drawElbo,
  drawPosterior,
  logitsAt,
  onImages,
  pixels,
  type Drawable,
  type Noise,
} from './sampling.js';

/** Squares along a side of the quadrature's grid, and of a coarser one that must give the same. */
const side = 800;
const coarse = 600;
/** Draws of each image that discriminators are judged at, and importance samples of each. */
const judged = { draws: 50_000, samples: 10_000 };
const images = Array.from({ length: pixels }, (_, x) => x);

/** The mean log p(x) of the four images, by quadrature. */
async function logEvidence(trained: Drawable, how: Noise): Promise<Evidence> {
  const at = async (n: number): Promise<number> => {
    const logits = await logitsAt(trained, midpoints(n), how);
    return mean(images.map((x) => logIntegral(logLikelihoods(logits, pixels, x), n)));
  };
  const [logLikelihood, coarser] = [await at(side), await at(coarse)];
  return { logLikelihood, quadratureDisagreement: Math.abs(logLikelihood - coarser) };
}

/** The samples' divergences, and the mean of −log p(x|z) at them. */
async function ofSamples(trained: Drawable, how: Noise): Promise<OfSamples> {
  const samples: Float32Array[] = [];
  for (const x of images) samples.push(await drawPosterior(trained, x, sizes.large, how));
  const costs: number[] = [];
  for (const x of images) {
    const logits = await logitsAt(trained, samples[x]!.subarray(0, 2 * sizes.small), how);
    costs.push(-mean(logLikelihoods(logits, pixels, x)));
  }
  return { reconstruction: mean(costs), ...divergencesAtBothSizes(samples) };
}

/** The mean ELBO as the model's own terms estimate it. */
async function ownElbo(trained: Drawable, how: Noise): Promise<OwnElbo> {
  const elbos: number[] = [];
  for (const x of images) elbos.push(mean(await drawElbo(trained, x, sizes.small, how)));
  return { ownElbo: mean(elbos) };
}

/** What fresh discriminators, fitted to the finished encoder, say of the ELBO; nothing of a model that needs none. */
async function byFreshDiscriminators(
  { model, params }: Drawable,
  { key: noise, signal }: Noise,
): Promise<Doctored> {
  if (!model.terms.some(({ adversary }) => adversary)) return {};
  // Each image once, and all of the set: copies would count as other rows.
  return onImages(async (batch) => {
    const {
      verdict,
      deviation,
      reliability,
      elbo,
      refit: found,
    } = await diagnose(model, params, batch, {
      key: fold(noise, 'doctor'),
      samples: judged.samples,
      setSize: pixels,
      tolerance: excessMatters,
      refit: { steps: 3000, batchSize: 512, rate: 3e-3, draws: judged.draws },
      signal,
    });
    const { interval, atMost, probes, disagreement, gained } = found!;
    return {
      doctor: {
        verdict,
        deviation: knownEnds(deviation),
        claimed: elbo,
        accuracy: reliability!.accuracy,
        elbo: found!.elbo.mean,
        atMost: atMost.mean,
        interval,
        probes,
        disagreement,
        gained,
      },
    };
  });
}

/** How a model is measured. */
export interface Measuring {
  readonly seed: number;
  readonly store: Store;
  log(message: string): void;
  readonly signal: AbortSignal;
}

/** Measures a trained model part by part; what a kill left of it in `store` is not done again. */
export async function measured(
  trained: Drawable,
  { seed, store, log, signal }: Measuring,
): Promise<Measured & { readonly spent: Spent }> {
  let spent: Spent = { seconds: 0, coreSeconds: 0 };
  // One key for all parts: the model's own ELBO is of draws that the divergences are of too.
  const noise = fold(key(seed), 'measure');
  const part = async <T>(
    name: string,
    measure: (trained: Drawable, how: Noise) => Promise<T>,
  ): Promise<T> => {
    const kept = await remembered(store, `measured-${name}`, async () => {
      log(`measuring: ${name}`);
      const clock = clockFrom();
      const values = await measure(trained, { key: noise, signal });
      return { values, spent: clock() };
    });
    spent = {
      seconds: spent.seconds + kept.spent.seconds,
      coreSeconds: spent.coreSeconds + kept.spent.coreSeconds,
    };
    return kept.values;
  };
  const found = {
    ...(await part('evidence', logEvidence)),
    ...(await part('samples', ofSamples)),
    ...(await part('own', ownElbo)),
    ...(await part('doctor', byFreshDiscriminators)),
  };
  const elbo = -found.reconstruction - found.posterior;
  return { ...found, elbo, ...sandwich({ ...found, elbo }), spent };
}

/**
 * −log 4 − KL(q(z), p) − reconstruction ≤ ELBO ≤ −log 4 − KL(q(z), p), as I(x; z) ≤ log 4 and H(x|z) ≤ reconstruction: a
 * pair of divergences that violates it by more than their error is mismeasured.
 */
function sandwich({
  reconstruction,
  aggregate,
  elbo,
}: Pick<Measured, 'reconstruction' | 'aggregate' | 'elbo'>): Sandwich {
  const upper = -Math.log(pixels) - aggregate;
  const lower = upper - reconstruction;
  return { lower, upper, violation: Math.max(0, lower - elbo, elbo - upper) };
}
