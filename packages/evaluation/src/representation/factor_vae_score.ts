import { fold, integers, type Key } from '@elbo/random';
import { expectCount } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { countOf } from '../points.js';
import { column, expectRepresented, type Represented } from './factors.js';
import { sharing } from './fixed_factor.js';

/** How many rows and votes a score with a fixed factor takes. */
export interface VoteOptions {
  readonly key: Key;
  /** To find the rule, and as many to judge it; 800 by default. */
  readonly votes?: number;
  /** Of a vote, or pairs of rows; 64 by default. */
  readonly rows?: number;
}

/**
 * The FactorVAE score (Kim & Mnih 2018, §4): of rows that share one factor, the coordinate of z that varies least, by
 * its own standard deviation, should tell which factor; the rule is the majority's. An accuracy, 1/K at chance.
 * Coordinates that never vary do not count.
 *
 * @throws DataError when codes and factors do not go together, or the values of a factor are nearly all different.
 */
export function factorVaeScore(
  represented: Represented,
  { key, votes = 800, rows = 64 }: VoteOptions,
): Estimate {
  expectRepresented('factorVaeScore', represented);
  expectCount('factorVaeScore', 'votes', votes, 1);
  expectCount('factorVaeScore', 'rows', rows, 1);
  const { codes, factors } = represented;
  const shared = sharing('factorVaeScore', factors);
  const columns = Array.from({ length: codes.dim }, (_, i) => column(codes, i));
  const overall = columns.map((values) => variance(values));
  /** The factor that each vote is for, and the coordinate that it finds. */
  const castVotes = (name: string): readonly { factor: number; found: number }[] => {
    const source = fold(key, name);
    const givers = integers(fold(source, 'givers'), votes, countOf(factors));
    return Array.from(integers(fold(source, 'factors'), votes, factors.dim), (factor, vote) => {
      const group = shared(factor, givers[vote]!);
      const drawn = integers(fold(fold(source, 'rows'), vote), rows, group.length);
      const shares = columns.map((values, i) =>
        overall[i]! > 0
          ? variance(Float64Array.from(drawn, (place) => values[group[place]!]!)) / overall[i]!
          : Infinity,
      );
      return { factor, found: shares.indexOf(Math.min(...shares)) };
    });
  };
  const counts = columns.map(() => new Uint32Array(factors.dim));
  for (const { factor, found } of castVotes('train')) counts[found]![factor]!++;
  const rule = counts.map((row) => row.indexOf(Math.max(...row)));
  return estimateOf(castVotes('test').map(({ factor, found }) => Number(rule[found] === factor)));
}

function variance(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
}
