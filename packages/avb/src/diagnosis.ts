import { logLikelihood, measure, type Batch, type Model, type ModelParams } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { dispose } from '@tensorflow/tfjs-core';

/** How a discriminator is diagnosed. */
export interface DiagnoseOptions {
  readonly key: Key;
  /** Draws of z whose ELBOs are averaged for each row; 10 by default. */
  readonly draws?: number;
  /** Importance samples for each row; 2000 by default. */
  readonly samples?: number;
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** What can be said of a discriminator's ELBO on held-out rows. All in nats but where said. */
export interface Diagnosis {
  /** The mean ELBO as the discriminator estimates it. */
  readonly elbo: number;
  /** The mean importance-sampled log p(x), a lower bound in expectation. */
  readonly logLikelihood: number;
  /** Mean and standard error over rows of ELBO − importance-sampled log p(x): a true ELBO's is at most `bias`. */
  readonly excess: { readonly mean: number; readonly error: number };
  /** How far importance sampling is expected to fall short of log p(x): ½ (1/ESS − 1/S), by the delta method. */
  readonly bias: number;
  /** The median over rows of the effective number of importance samples. */
  readonly effectiveSampleSize: number;
  /** The discriminator's accuracy on held-out rows and fresh noise: ½ is chance; NaN without a discriminator. */
  readonly accuracy: number;
  /** Its expected calibration error: the mean distance of predicted from true probability; NaN without one. */
  readonly calibration: number;
  /**
   * `trustworthy`: nothing speaks against the ELBO. `lagging`: it exceeds log p(x), by more than `bias` and two
   * standard errors. `saturated`: the discriminator tells its samples apart almost always, so it measures no ratio.
   * `unknown`: too few effective samples to judge by.
   */
  readonly verdict: 'trustworthy' | 'lagging' | 'saturated' | 'unknown';
  /** In words, for a person; empty when trustworthy. */
  readonly warnings: readonly string[];
}

const saturation = 0.95;
const fewSamples = 5;

/**
 * Diagnoses the discriminator of a model with an adversarial divergence on held-out rows.
 *
 * A discriminator that lags behind the encoder underestimates the KL, and the ELBO it reports can exceed log p(x), as in
 * the paper's own Table 2. Importance sampling needs no discriminator, so it shows this.
 */
export async function diagnose(
  model: Model,
  params: ModelParams,
  batch: Batch,
  { key, draws = 10, samples = 2000, onProgress, signal }: DiagnoseOptions,
): Promise<Diagnosis> {
  const rows = batch.x.shape[0];
  const elbos = new Float64Array(rows);
  for (let i = 0; i < draws; i++) {
    const estimate = model.elbo(params, batch, fold(key, i));
    (await estimate.data<'float32'>()).forEach((value, row) => (elbos[row]! += value / draws));
    estimate.dispose();
  }
  const game = await heldOutGame(model, params, batch, fold(key, 'game'));
  const likelihood = await logLikelihood(model, params.primal, batch, {
    key: fold(key, 'likelihood'),
    samples,
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });

  const excess = moments(elbos.map((elbo, row) => elbo - likelihood.logLikelihood[row]!));
  const found = {
    elbo: moments(elbos).mean,
    logLikelihood: moments(likelihood.logLikelihood).mean,
    excess,
    bias: moments(likelihood.effectiveSampleSize.map((size) => 0.5 * (1 / size - 1 / samples)))
      .mean,
    effectiveSampleSize: median(likelihood.effectiveSampleSize),
    ...game,
  };
  return { ...found, ...judge(found) };
}

function judge(
  found: Omit<Diagnosis, 'verdict' | 'warnings'>,
): Pick<Diagnosis, 'verdict' | 'warnings'> {
  const { excess, bias, accuracy, effectiveSampleSize } = found;
  const warnings: string[] = [];
  const difference = `${excess.mean.toFixed(2)} ± ${excess.error.toFixed(2)} nat`;
  const saturated = accuracy > saturation;
  const few = effectiveSampleSize < fewSamples;
  const lagging = !few && excess.mean - bias > 2 * excess.error;
  if (saturated)
    warnings.push(
      `The discriminator tells posterior from prior ${(100 * accuracy).toFixed(1)} % of the time: it is saturated, and its KL is no estimate of anything. Use adaptive or anchored contrast, or train it more slowly.`,
    );
  if (lagging)
    warnings.push(
      `The reported ELBO exceeds the importance-sampled log-likelihood by ${difference}, which no true ELBO can: the discriminator lags behind the encoder. Quote the log-likelihood, or give the discriminator more steps or a higher rate.`,
    );
  if (few)
    warnings.push(
      `Importance sampling has ${effectiveSampleSize.toFixed(1)} effective samples in the median row, too few to be sure of log p(x), from which the reported ELBO differs by ${difference}: take more samples.`,
    );
  const verdict = saturated ? 'saturated' : few ? 'unknown' : lagging ? 'lagging' : 'trustworthy';
  return { verdict, warnings };
}

/** Accuracy and calibration of the discriminator of the divergence, on these rows. */
async function heldOutGame(
  model: Model,
  params: ModelParams,
  batch: Batch,
  key: Key,
): Promise<Pick<Diagnosis, 'accuracy' | 'calibration'>> {
  const measured = measure(model, params, batch, { step: 0, key });
  const term = model.terms.find(({ adversary, role }) => adversary && role === 'divergence');
  const value = async (metric: string): Promise<number> => {
    const found = term && measured[`${term.name}/${metric}`];
    return found ? (await found.data<'float32'>())[0]! : NaN;
  };
  const game = { accuracy: await value('accuracy'), calibration: await value('calibration') };
  dispose(Object.values(measured));
  return game;
}

function moments(values: Float64Array): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

function median(values: Float64Array): number {
  return values.toSorted()[values.length >> 1]!;
}
