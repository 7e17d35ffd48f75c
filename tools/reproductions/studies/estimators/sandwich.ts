// Bounds on log p(x) from both sides, of a decoder that was trained.
import { vae } from '@elbo/vae';
import { disposeTree, standardNormal, type Network } from '@elbo/core';
import { binarise, strokes } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import {
  annealedLikelihood,
  bidirectionalLikelihood,
  estimateLikelihood,
  estimateOf,
  simulate,
  type Estimate,
} from '@elbo/evaluation';
import { mlp } from '@elbo/networks';
import { adam, cosine } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { onRows, rowNumbers } from '../../common/rows.js';
import type { Setting } from '../../runner/setting.js';
import type { Context } from '../../runner/study.js';
import { withTrained } from '../../runner/trained.js';

/** What was found; in nats. */
export interface Sandwich {
  /** Steps of training. */
  readonly step: number;
  readonly latent: number;
  readonly rows: number;
  readonly chains: number;
  readonly temperatures: number;
  readonly leapfrogs: number;
  readonly lower: Estimate;
  readonly upper: Estimate;
  readonly gap: Estimate;
  readonly acceptance: number;
  readonly annealed: Estimate;
  readonly sampled: Estimate;
  /** Of the rows that it made: importance sampling less the middle of both bounds, and its samples' own error. */
  readonly aside: Estimate;
  readonly samplingError: number;
  /** Of these rows: annealing at its defaults less importance sampling, and the row where that is furthest from 0. */
  readonly usual: Estimate & { readonly worst: number };
  readonly holds: boolean;
}

/** The widest gap that is good enough, in nats. */
export const widest = 0.5;

const latent = 8;
const rows = 16;
const steps = 2000;
const annealing = { chains: 8, temperatures: 800, leapfrogs: 5 };

const network = (): Network => mlp({ hidden: [128], activation: 'elu' });

function settingOf(): Setting {
  const data = binarise(strokes({ size: 5000 }), 'dynamic');
  return {
    data,
    model: vae({
      prior: standardNormal(latent),
      encoder: gaussianEncoder({ network: network(), latent }),
      decoder: bernoulliDecoder({ network: network(), shape: data.shape }),
    }),
    training: { steps, batchSize: 100, primal: adam(cosine({ from: 2e-3, steps })) },
  };
}

export function sandwich(context: Context): Promise<Sandwich> {
  const { log, signal } = context;
  log('training a VAE on strokes');
  return withTrained('sandwich', settingOf(), { ...context, seed: 0 }, async (trained) => {
    const { model, params } = trained;
    const options = { key: key(2), ...annealing, signal };
    log('annealing forward and backward, on rows that it made');
    const made = simulate(model, params.primal, key(3), rows);
    const bounds = await bidirectionalLikelihood(model, params.primal, made, options);
    log('importance sampling on them, and annealing at its defaults');
    const fitted = await estimateLikelihood(model, params.primal, made.batch, {
      key: fold(key(4), 'made'),
      signal,
    });
    const usual = await annealedLikelihood(model, params.primal, made.batch, {
      key: key(5),
      signal,
    });
    disposeTree({ x: made.batch.x, z: made.z });
    const aside = fitted.logLikelihood.map(
      (value, row) => value - (bounds.lower[row]! + bounds.upper[row]!) / 2,
    );
    const less = usual.logLikelihood.map((value, row) => value - fitted.logLikelihood[row]!);
    log('annealing and importance sampling, on rows that are held out');
    const unseen = binarise(strokes({ size: rows, split: 'validation' }), 'static');
    const read = rowNumbers(rows);
    const [annealed, sampled] = await onRows(
      unseen,
      read,
      async (held) =>
        [
          await annealedLikelihood(model, params.primal, held, options),
          await estimateLikelihood(model, params.primal, held, {
            key: fold(key(4), 'samples'),
            signal,
          }),
        ] as const,
      key(1),
    );
    return {
      step: trained.steps,
      latent,
      rows,
      ...annealing,
      lower: estimateOf(bounds.lower),
      upper: estimateOf(bounds.upper),
      gap: bounds.gap,
      acceptance: bounds.acceptance,
      annealed: { mean: annealed.mean, error: annealed.samplingError },
      sampled: { mean: sampled.mean, error: sampled.samplingError },
      aside: estimateOf(aside),
      samplingError: fitted.samplingError,
      usual: {
        ...estimateOf(less),
        worst: less.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)),
      },
      holds: bounds.gap.mean < widest,
    };
  });
}
