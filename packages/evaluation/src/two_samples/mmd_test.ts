import { median } from '../estimate.js';
import { countOf, expectPoints, pooled, type Points } from '../points.js';
import {
  permutationTest,
  type PermutationOptions,
  type TwoSampleTest,
} from './permutation_test.js';

/**
 * The kernel two-sample test (Gretton et al. 2012): the unbiased squared maximum mean discrepancy with the kernel
 * exp(−‖x − y‖²/median), the median of the squared distances of all samples (so without a scale to choose), and its
 * p-value by permutations. In doubles; memory and time grow as the square of the number of samples: some hundreds.
 *
 * @throws ShapeError when the two differ in dimension; DataError when one has fewer than two samples.
 */
export function mmdTest(p: Points, q: Points, options: PermutationOptions): TwoSampleTest {
  expectPoints('mmdTest', 2, p, q);
  const [n, m] = [countOf(p), countOf(q)];
  const gram = gaussianGram(pooled(p, q));
  const total = n + m;
  const rowSums = Float64Array.from({ length: total }, (_, i) =>
    gram.subarray(i * total, (i + 1) * total).reduce((a, b) => a + b, 0),
  );
  const all = rowSums.reduce((a, b) => a + b, 0);
  return permutationTest(
    n,
    m,
    (first) => {
      // The three sums over pairs follow from those within the first part and of its rows.
      let [within, rows] = [0, 0];
      for (let i = 0; i < total; i++) {
        if (first[i] === 0) continue;
        rows += rowSums[i]!;
        for (let j = 0; j < total; j++) if (first[j] === 1) within += gram[i * total + j]!;
      }
      const across = rows - within;
      const others = all - 2 * rows + within;
      return within / (n * (n - 1)) + others / (m * (m - 1)) - (2 * across) / (n * m);
    },
    options,
  );
}

/** Kernel values of all pairs, `[N, N]`, 0 on the diagonal. */
function gaussianGram(points: Points): Float64Array {
  const { values, dim } = points;
  const count = countOf(points);
  const squares = new Float64Array(count * count);
  const pairs: number[] = [];
  for (let i = 0; i < count; i++)
    for (let j = 0; j < i; j++) {
      let square = 0;
      for (let d = 0; d < dim; d++) square += (values[i * dim + d]! - values[j * dim + d]!) ** 2;
      squares[i * count + j] = squares[j * count + i] = square;
      pairs.push(square);
    }
  const scale = median(pairs) || 1;
  return squares.map((square, i) => (i % (count + 1) === 0 ? 0 : Math.exp(-square / scale)));
}
