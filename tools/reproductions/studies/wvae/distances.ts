// The divergences between samples of which the distance is known, and what they must be.
import { sinkhornDivergence } from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { criticOnALine } from '@elbo/testing/worlds/critic-on-a-line';
import {
  brenierPair,
  closedForm,
  repeatedMmd,
  sinkhornOnQuantiles,
} from '@elbo/testing/worlds/transport';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';

/** A Sinkhorn divergence of which the closed form is known. */
export interface SinkhornRow {
  readonly epsilon: number;
  readonly iterations: number;
  readonly value: number;
  readonly violation: number;
  readonly closed: number;
  readonly holds: boolean;
}

/** What a value must be, and whether it is. */
export interface Fact {
  readonly what: string;
  readonly value: number;
  readonly must: string;
  readonly holds: boolean;
}

/** ε with enough iterations to converge: the smaller it is, the more they are. */
const regularisations: readonly (readonly [number, number])[] = [
  [2, 40],
  [1, 60],
  [0.5, 120],
  [0.1, 600],
];

const within = (value: number, exact: number, share: number): boolean =>
  Math.abs(value / exact - 1) <= share;

/** S between N(0, 1) and N(1, 4), by ε. */
export function sinkhornTable(): readonly SinkhornRow[] {
  return regularisations.map(([epsilon, iterations]) => {
    const { value, violation } = sinkhornOnQuantiles(epsilon, iterations);
    const closed = closedForm(epsilon);
    const near = epsilon > 1 || within(value, 2, 0.02);
    return {
      epsilon,
      iterations,
      value,
      violation,
      closed,
      holds: near && within(value, closed, 0.005),
    };
  });
}

/** Other facts. */
export function facts(): readonly Fact[] {
  const self = tidy(() => {
    const x = tensor2d(normal(key(1), 60), [20, 3]);
    return sinkhornDivergence(x, x).value.dataSync()[0]!;
  });
  const brenier = brenierPair(0.05);
  const equal = repeatedMmd(0, {});
  const { exact, gap, distance } = criticOnALine();
  const line = `${exact.toFixed(4)} ± 5 %`;
  return [
    { what: 'S(a, a)', value: self, must: '0 ± 1e-6', holds: Math.abs(self) < 1e-6 },
    {
      what: 'S of y = m + A x from x, 100 points in 3 dimensions, ε = 0.05 of the mean cost',
      value: brenier.value,
      must: `${brenier.exact.toFixed(4)} ± 2 %`,
      holds: within(brenier.value, brenier.exact, 0.02),
    },
    {
      what: `unbiased MMD² of equals, mean of 200 repetitions, ± ${(1.96 * equal.error).toFixed(5)}`,
      value: equal.mean,
      must: '0 ± 0.005',
      holds: Math.abs(equal.mean) + 1.96 * equal.error <= 0.005,
    },
    { what: 'W₁ by the dual critic', value: gap, must: line, holds: within(gap, exact, 0.05) },
    {
      what: 'W₁ by the dual critic, divided by its largest slope',
      value: distance,
      must: line,
      holds: within(distance, exact, 0.05),
    },
  ];
}
