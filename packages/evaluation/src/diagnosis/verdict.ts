import type { Measured } from './measured.js';
import { sayDoubts, sayImpossible, sayOff, saySaturated, sayUndecided } from './sentences.js';

/** What an ELBO is worth, in words. */
export interface Judgement {
  /**
   * `trustworthy`: the reported ELBO is within `tolerance` of the true one, or no discriminator estimates it and nothing
   * speaks against it. `lagging`: it is off by more. `saturated`: it is not trustworthy, and the discriminator tells its
   * samples apart almost always, so that it measures no ratio. `unknown`: what was measured does not decide.
   */
  readonly verdict: 'trustworthy' | 'lagging' | 'saturated' | 'unknown';
  /** In words, for a person: why, and what to do; empty when trustworthy. */
  readonly warnings: readonly string[];
}

/** An accuracy above which a discriminator's log-odds have hardly been seen at both of its samples. */
const saturation = 0.95;

/** Judges by what was measured. */
export function judgement(found: Measured): Judgement {
  const { deviation, tolerance, reliability } = found;
  const [from, to] = deviation;
  const off = from > tolerance || to < -tolerance;
  if (!reliability) return withoutDiscriminator(found, off);
  if (from >= -tolerance && to <= tolerance) return { verdict: 'trustworthy', warnings: [] };
  const saturated = reliability.accuracy > saturation;
  const warnings = [
    ...(saturated ? [saySaturated(reliability.accuracy)] : []),
    ...(off ? [sayOff(found)] : [...sayDoubts(found), sayUndecided(found)]),
  ];
  if (saturated) return { verdict: 'saturated', warnings };
  return { verdict: off ? 'lagging' : 'unknown', warnings };
}

/** The ELBO is the model's own, and there is no discriminator to lag. */
function withoutDiscriminator(found: Measured, off: boolean): Judgement {
  const warnings = [...sayDoubts(found), ...(off ? [sayImpossible(found)] : [])];
  return { verdict: warnings.length > 0 ? 'unknown' : 'trustworthy', warnings };
}
