import { sayEstimate } from '../estimate.js';
import type { Diagnosis } from './diagnose.js';

/** What an ELBO is worth, in words. */
export interface Judgement {
  /**
   * `trustworthy`: nothing speaks against the ELBO. `lagging`: it exceeds log p(x) by more than `bias` and two standard
   * errors, or lies outside of what discriminators that were fitted afresh allow. `saturated`: the discriminator tells
   * its samples apart almost always, so it measures no ratio. `unknown`: too few rows or effective samples to judge by, or an
   * ELBO above log p(x) where no discriminator estimates it.
   */
  readonly verdict: 'trustworthy' | 'lagging' | 'saturated' | 'unknown';
  /** In words, for a person; empty when trustworthy. */
  readonly warnings: readonly string[];
}

const saturation = 0.95;
const fewSamples = 5;

/** Judges by what was measured. */
export function judgement(found: Omit<Diagnosis, keyof Judgement>): Judgement {
  const { elbo, excess, bias, reliability, effectiveSampleSize, refit } = found;
  const accuracy = reliability?.accuracy ?? 0.5;
  const warnings: string[] = [];
  const difference = `${sayEstimate(excess)} nat`;
  const saturated = accuracy > saturation;
  // Whatever is NaN is compared so that it counts as too few.
  const few = !(effectiveSampleSize >= fewSamples);
  const unjudged = Number.isNaN(excess.mean - bias + excess.error);
  const exceeds = !few && excess.mean - bias > 2 * excess.error;
  // Without a discriminator there is none to lag.
  const impossible = exceeds && (reliability !== undefined || refit !== undefined);
  const [least, most] = refit?.interval ?? [-Infinity, Infinity];
  const outside = elbo > most || elbo < least;
  if (saturated)
    warnings.push(
      `The discriminator tells posterior from prior ${(100 * accuracy).toFixed(1)} % of the time: it is saturated, and its KL estimates nothing. Use adaptive or anchored contrast, or train it more slowly.`,
    );
  if (impossible)
    warnings.push(
      `The reported ELBO exceeds the importance-sampled log-likelihood by ${difference}, which no true ELBO can: the discriminator lags behind the encoder. Quote the log-likelihood, or give the discriminator more steps or a higher rate.`,
    );
  if (exceeds && !impossible)
    warnings.push(
      `The reported ELBO exceeds the importance-sampled log-likelihood by ${difference}, which no true ELBO does: these are too few rows or importance samples to judge by, or a term of the model is no divergence. Take more of both.`,
    );
  if (outside)
    warnings.push(
      `The reported ELBO, ${elbo.toFixed(3)}, is ${elbo > most ? 'above' : 'below'} what discriminators that were fitted afresh allow, ${least.toFixed(3)} to ${most.toFixed(3)}: the trained one lags behind the encoder. Quote the interval.`,
    );
  if (few)
    warnings.push(
      `Importance sampling has ${effectiveSampleSize.toFixed(1)} effective samples in the median row, too few to be sure of log p(x), from which the reported ELBO differs by ${difference}: take more samples.`,
    );
  if (unjudged && !few)
    warnings.push(
      `Whether the reported ELBO is above log p(x) is not estimable: it differs by ${difference}, and at least two rows and two importance samples of each are needed.`,
    );
  if (saturated) return { verdict: 'saturated', warnings };
  if (impossible || outside) return { verdict: 'lagging', warnings };
  return { verdict: few || unjudged || exceeds ? 'unknown' : 'trustworthy', warnings };
}
