import { diagnose } from '@elbo/evaluation';
import { hasElbo } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { RequestError } from '../../request_error.js';
import { onRows } from '../../use/rows.js';
import type { Metric } from '../metric.js';

/** Of an AVB's discriminator: what its ELBO is worth, by discriminators that are fitted to the finished encoder. */
export const diagnosis: Metric = async (
  { model, params, sets },
  { rows = 200, samples = 2000, fitSteps = 2000, seed },
  host,
) => {
  if (!model.encoder || !hasElbo(model))
    throw new RequestError(
      '--metric diagnosis needs an ELBO, and this model has none. Use --metric collapse.',
    );
  const noise = fold(key(seed), 'diagnosis');
  return onRows(sets.test, { count: rows, noise, model }, async (batch) => {
    const bar = host.progress(100);
    try {
      const found = await diagnose(model, params, batch, {
        key: noise,
        samples,
        setSize: sets.test.size,
        refit: { steps: fitSteps },
        onProgress: (share) => {
          bar.update(Math.round(100 * share), '%');
        },
      });
      const { reliability, refit, bounds, deviation, interval } = found;
      for (const warning of found.warnings) host.note(`Warning: ${warning}`);
      return {
        metric: 'diagnosis',
        rows: batch.x.shape[0],
        samples,
        fitSteps,
        verdict: found.verdict,
        tolerance: found.tolerance,
        elbo: found.elbo,
        ...ends('deviation', deviation),
        ...ends('interval', interval),
        logLikelihood: found.logLikelihood,
        excess: found.excess.mean,
        excessError: found.excess.error,
        effectiveSampleSize: found.effectiveSampleSize,
        ...(reliability && {
          accuracy: reliability.accuracy,
          calibrationError: reliability.error,
        }),
        ...(refit && {
          perRow: refit.rows,
          refitElbo: refit.elbo.mean,
          refitError: refit.elbo.error,
          refitFrom: refit.interval[0],
          refitTo: refit.interval[1],
          missed: refit.missed,
          effectiveDraws: refit.effectiveDraws,
          disagreement: refit.disagreement,
          gained: refit.gained,
        }),
        ...(refit?.probes.normal && { probeSlopeNormal: refit.probes.normal.slope }),
        ...(refit?.probes.twoBumps && { probeSlopeTwoBumps: refit.probes.twoBumps.slope }),
        ...(refit?.probes.halfNormal && { probeSlopeHalfNormal: refit.probes.halfNormal.slope }),
        ...(bounds && { elboAtLeast: bounds.lower.mean }),
        ...(bounds?.upper && { elboAtMost: bounds.upper.mean }),
      };
    } finally {
      bar.stop();
    }
  });
};

/** The ends of an interval that are known, as figures. */
function ends(
  name: string,
  [from, to]: readonly [number, number],
): Readonly<Record<string, number>> {
  return {
    ...(Number.isFinite(from) && { [`${name}From`]: from }),
    ...(Number.isFinite(to) && { [`${name}To`]: to }),
  };
}
