import { fold, permutation } from '@elbo/random';
import { rightly, withLogRatio, type ClassifierOptions } from '../divergences/log_ratio.js';
import { countOf, expectPoints, pickPoints, type Points } from '../points.js';
import {
  permutationTest,
  type PermutationOptions,
  type TwoSampleTest,
} from './permutation_test.js';

/** What a classifier makes of two samples. */
export interface ClassifierTest extends TwoSampleTest {
  /** The share of the held-out half that it tells rightly (Lopez-Paz & Oquab 2017); ½ of equal distributions. */
  readonly accuracy: number;
}

/**
 * The classifier two-sample test: a classifier is trained on half of both samples; the statistic is the difference of
 * its mean log-odds between the other halves (Cheng & Cloninger 2022, which has more power than the accuracy), and the
 * p-value is by permutations of these halves.
 *
 * @throws ShapeError when the two differ in dimension; DataError when one has fewer than four samples.
 */
export async function classifierTest(
  p: Points,
  q: Points,
  { permutations, ...options }: ClassifierOptions & PermutationOptions,
): Promise<ClassifierTest> {
  expectPoints('classifierTest', 4, p, q);
  const { key } = options;
  const halves = (points: Points, name: string): readonly [Points, Points] => {
    const order = permutation(fold(key, name), countOf(points));
    const half = order.length >> 1;
    return [pickPoints(points, order.subarray(0, half)), pickPoints(points, order.subarray(half))];
  };
  const [[seenOfP, heldOfP], [seenOfQ, heldOfQ]] = [halves(p, 'p'), halves(q, 'q')];
  return withLogRatio(
    seenOfP,
    seenOfQ,
    { ...options, key: fold(key, 'train') },
    async (logRatio) => {
      const [ofP, ofQ] = [await logRatio(heldOfP), await logRatio(heldOfQ)];
      const [n, m] = [ofP.length, ofQ.length];
      const all = [...ofP, ...ofQ];
      const test = permutationTest(
        n,
        m,
        (first) => all.reduce((sum, t, i) => sum + (first[i] === 1 ? t / n : -t / m), 0),
        { key: fold(key, 'permutations'), ...(permutations !== undefined && { permutations }) },
      );
      return { ...test, accuracy: rightly(ofP, ofQ) / (n + m) };
    },
  );
}
