// Figures as they are kept: means over rows, with their errors.
import { estimateOf, type Estimate, type Refit } from '@elbo/evaluation';
import { elboOf, paired, type Result } from './comparisons.js';
import type { Annealed, Doctor, Measured } from './measured.js';

/** What an ELBO falls short of log p(x) by, on the images that were annealed. */
interface Gaps {
  /** For the best normal of each image, and the best factorised one. */
  readonly full: Estimate;
  readonly diagonal: Estimate;
  /** From there to the encoder. */
  readonly encoder: Estimate;
  readonly all: Estimate;
}

interface KeptDoctor extends Pick<Doctor, 'verdict' | 'accuracy'> {
  readonly refit: Omit<Refit, 'rows'>;
  readonly bounds: { readonly lower: Estimate; readonly upper: Estimate } | undefined;
  /** The ELBO that it gives. */
  readonly elbo: Estimate;
}

interface KeptAnnealed {
  readonly values: Estimate;
  readonly acceptance: number;
}

/** One model. */
export interface Kept extends Omit<Result, keyof Measured> {
  /** By its own terms. */
  readonly elbo: Estimate;
  readonly importance: { readonly values: Estimate; readonly effective: number };
  readonly ais: KeptAnnealed;
  readonly local: { readonly diagonal: Estimate; readonly full: Estimate } | undefined;
  readonly doctor: KeptDoctor | undefined;
  readonly elboOfMany: Estimate | undefined;
  readonly aisOfMany: KeptAnnealed | undefined;
  readonly gaps: Gaps | undefined;
}

/** The models of one latent dimension. */
export interface OfLatent {
  readonly latent: number;
  readonly results: readonly Kept[];
}

function gapsOf(result: Result): Gaps | undefined {
  if (!result.local) return undefined;
  const ais = result.ais.values;
  const { diagonal, full } = result.local;
  const own = elboOf(result).slice(0, ais.length);
  return {
    full: estimateOf(paired(ais, full)),
    diagonal: estimateOf(paired(ais, diagonal)),
    encoder: estimateOf(paired(diagonal, own)),
    all: estimateOf(paired(ais, own)),
  };
}

function doctorOf(result: Result): KeptDoctor | undefined {
  if (!result.doctor) return undefined;
  const { verdict, accuracy, refit, bounds } = result.doctor;
  const { elbo, atMost, interval, gained, disagreement, accuracy: own, probes } = refit;
  return {
    verdict,
    accuracy,
    refit: { elbo, atMost, interval, gained, disagreement, accuracy: own, probes },
    bounds: bounds && { lower: estimateOf(bounds.lower), upper: estimateOf(bounds.upper) },
    elbo: estimateOf(elboOf(result)),
  };
}

const annealedOf = (found: Annealed): KeptAnnealed => ({
  values: estimateOf(found.values),
  acceptance: found.acceptance,
});

export function kept(result: Result): Kept {
  const { name, seed, steps, coreSeconds, elbo, importance, ais, local } = result;
  const { elboOfMany, aisOfMany } = result;
  return {
    name,
    seed,
    steps,
    coreSeconds,
    elbo: estimateOf(elbo),
    importance: { ...importance, values: estimateOf(importance.values) },
    ais: annealedOf(ais),
    local: local && { diagonal: estimateOf(local.diagonal), full: estimateOf(local.full) },
    doctor: doctorOf(result),
    elboOfMany: elboOfMany && estimateOf(elboOfMany),
    aisOfMany: aisOfMany && annealedOf(aisOfMany),
    gaps: gapsOf(result),
  };
}
