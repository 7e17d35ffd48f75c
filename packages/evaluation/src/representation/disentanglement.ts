import { fold, type Key } from '@elbo/random';
import type { Estimate } from '../estimate.js';
import type { Points } from '../points.js';
import { betaVaeScore } from './beta_vae_score.js';
import { dci } from './dci.js';
import { factorVaeScore } from './factor_vae_score.js';
import { expectRepresented, type GapScore, type Represented } from './factors.js';
import { isShared } from './fixed_factor.js';
import { mig } from './mig.js';
import { sap } from './sap.js';

/** Scores of disentanglement, each 0 to 1 and greater for better; they measure different things, and need not agree. */
export interface Disentanglement {
  readonly mig: GapScore;
  readonly sap: GapScore;
  /** Of `dci`, fitted to every second row. */
  readonly disentanglement: number;
  readonly completeness: number;
  /** Where there are several factors, each with values that rows share, as amounts do not. */
  readonly factorVae: Estimate | undefined;
  /** The same. */
  readonly betaVae: Estimate | undefined;
}

/**
 * Every score of how well the coordinates of codes go with known factors: 10,000 rows are usual (Locatello et al. 2019).
 *
 * @throws DataError when codes and factors do not go together, or a factor never varies.
 */
export function disentanglementOf(
  represented: Represented,
  { key }: { readonly key: Key },
): Disentanglement {
  // Halves count their rows anew: what is wrong is named by the rows that were given.
  expectRepresented('disentanglementOf', represented);
  const votes = fold(key, 'votes');
  const shared = isShared(represented.factors);
  const { disentanglement, completeness } = dci(half(represented, 0), half(represented, 1));
  return {
    mig: mig(represented),
    sap: sap(represented),
    disentanglement,
    completeness,
    factorVae: shared ? factorVaeScore(represented, { key: fold(votes, 'factor') }) : undefined,
    betaVae: shared ? betaVaeScore(represented, { key: fold(votes, 'beta') }) : undefined,
  };
}

/** Every second row, from the first or the second on. */
function half({ codes, factors }: Represented, from: 0 | 1): Represented {
  const of = ({ values, dim }: Points): Points => ({
    values: values.filter((_, at) => Math.floor(at / dim) % 2 === from),
    dim,
  });
  return { codes: of(codes), factors: of(factors) };
}
