import { fold, permutation } from '@elbo/random';
import { expectCount } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { countOf, expectPoints, pickPoints, type Points } from '../points.js';
import { rightly, withLogRatio, type ClassifierOptions } from './log_ratio.js';

/** How `klByClassifier` estimates. */
export interface KlByClassifierOptions extends ClassifierOptions {
  /** Parts that the samples are divided into: each is judged by a classifier of the others. 5 by default. */
  readonly folds?: number;
}

/** A lower bound on a KL divergence, in nats. */
export interface ClassifierKl extends Estimate {
  /** The mean less and plus 1.96 errors: 95 % of such intervals hold the mean of the bound. */
  readonly interval: readonly [number, number];
  /** The share of held-out samples that the classifiers tell rightly; ½ where p and q are equal. */
  readonly accuracy: number;
}

/**
 * KL(p ‖ q) of two samples in nats by classifiers T ≈ log p/q that never saw the samples they are used on: the mean of
 * T over p's, less that of exp(T) over q's, plus 1 (Nguyen, Wainwright & Jordan 2010, eq. 3). In expectation that is a
 * lower bound whatever the classifier, and short of the truth by about ½ E_p (T − log p/q)²; the error is that of a mean
 * over samples. Where p and q hardly overlap the bound stays far below, and needs exp(KL) samples.
 *
 * @throws ShapeError when the two differ in dimension; DataError for too few samples; ConfigError for folds that are none.
 */
export async function klByClassifier(
  p: Points,
  q: Points,
  { folds = 5, key, ...options }: KlByClassifierOptions,
): Promise<ClassifierKl> {
  expectCount('klByClassifier', 'folds', folds, 2);
  expectPoints('klByClassifier', 2 * folds, p, q);
  const orders = [
    permutation(fold(key, 'p'), countOf(p)),
    permutation(fold(key, 'q'), countOf(q)),
  ] as const;
  const ofP: number[] = [];
  const ofQ: number[] = [];
  for (let part = 0; part < folds; part++) {
    const pick = (points: Points, order: Uint32Array, held: boolean): Points =>
      pickPoints(
        points,
        order.filter((_, i) => (i % folds === part) === held),
      );
    await withLogRatio(
      pick(p, orders[0], false),
      pick(q, orders[1], false),
      { ...options, key: fold(fold(key, 'fold'), part) },
      async (logRatio) => {
        ofP.push(...(await logRatio(pick(p, orders[0], true))));
        ofQ.push(...(await logRatio(pick(q, orders[1], true))));
      },
    );
  }
  const gain = estimateOf(ofP);
  const cost = estimateOf(ofQ.map(Math.exp));
  const mean = gain.mean + 1 - cost.mean;
  const error = Math.hypot(gain.error, cost.error);
  return {
    mean,
    error,
    interval: [mean - 1.96 * error, mean + 1.96 * error],
    accuracy: rightly(ofP, ofQ) / (ofP.length + ofQ.length),
  };
}
