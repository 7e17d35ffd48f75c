import { LogSum } from '../likelihood/log_sum.js';
import { fullUpTo } from './moments.js';
import { refitMixture, reweighed, withComponentAt, type Weighted } from './refit.js';
import { logSums, type StudentMixture } from './student_mixture.js';
import { drawWeighed, logWeightsOf, proposalLogProb, type Block, type Draws } from './weighing.js';

/** How a round is drawn and judged. */
interface Round {
  /** Draws of each row. */
  readonly count: number;
  /** Effective draws, as a share, with which a proposal is good enough. */
  readonly enough: number;
}

/** Most rows need no more than the first; of the others more is asked, as few draws flatter a proposal that misses something. */
const rounds: readonly Round[] = [
  { count: 300, enough: 0.2 },
  ...Array.from({ length: 6 }, () => ({ count: 1000, enough: 0.4 })),
];
/** Of the draws of a round, more come from the prior than at the end: they may find what a normal does not reach. */
const priorShare = 0.1;
const mostComponents = 6;
const steps = 3;

/**
 * Refits the mixture of each row by rounds of weighted draws, as adaptive multiple importance sampling does (Cornuet et
 * al. 2012): the draws of all rounds are weighed by the mixture of all proposals they came from, an update of M-PMC (Cappé et al. 2008) is
 * made with them, and a component is added at the draw with the greatest weight (Raftery & Bao 2010). A row whose draws of a round are
 * effective enough is left alone: there a normal's moments are known better from gradients than from weights.
 */
export async function refitByRounds(
  block: Block,
  start: ReadonlyMap<number, StudentMixture>,
  finalPriorShare: number,
): Promise<ReadonlyMap<number, StudentMixture>> {
  const best = new Map<number, { readonly mixture: StudentMixture; readonly share: number }>();
  const history = new Map<number, Draws[]>();
  let open = start;
  for (const [round, { count, enough }] of rounds.entries()) {
    if (open.size === 0) break;
    const found = await drawWeighed(block, `round ${round}`, open, { count, priorShare });
    const next = new Map<number, StudentMixture>();
    for (const [row, drawn] of found) {
      const all = [...(history.get(row) ?? []), drawn];
      history.set(row, all);
      const weighted = weightedTogether(all, block.target.dim);
      const { mixture, share } = judged(drawn, round === 0, finalPriorShare);
      if (share > (best.get(row)?.share ?? -1)) best.set(row, { mixture, share });
      if (share >= enough) continue;
      let refitted = drawn.mixture;
      if (refitted.components.length < mostComponents)
        refitted = withComponentAt(refitted, weighted);
      for (let step = 0; step < steps; step++)
        refitted = refitMixture(refitted, weighted, block.target.dim > fullUpTo);
      next.set(row, refitted);
    }
    open = next;
  }
  return new Map([...start.keys()].map((row) => [row, best.get(row)!.mixture]));
}

/**
 * The draws of several rounds, weighed by the mixture of all that they were drawn from, each by its share of the draws
 * ("deterministic mixture" weights).
 */
function weightedTogether(drawn: readonly Draws[], dim: number): Weighted {
  const count = drawn.reduce((sum, { joint }) => sum + joint.length, 0);
  const z = new Float32Array(count * dim);
  const [joint, prior] = [new Float64Array(count), new Float64Array(count)];
  let from = 0;
  for (const each of drawn) {
    z.set(each.z, from * dim);
    joint.set(each.joint, from);
    prior.set(each.prior, from);
    from += each.joint.length;
  }
  const logs = new Float64Array(count * drawn.length);
  drawn.forEach((each, i) => {
    const share = Math.log(each.joint.length / count);
    const density = proposalLogProb(each, { z, prior });
    logs.set(
      density.map((value) => value + share),
      i * count,
    );
  });
  const sums = logSums(logs, drawn.length);
  return {
    z,
    logWeights: joint.map((value, n) => (value === -Infinity ? value : value - sums[n]!)),
  };
}

/**
 * The share of a round's draws that is effective. Of the first round, that which its mixture would have with the shares of its
 * components that suit the row: (Σ p/r)² / Σ p²/(r r′) over draws of r, N of them, is N times as much.
 */
function judged(
  drawn: Draws,
  first: boolean,
  finalPriorShare: number,
): { readonly mixture: StudentMixture; readonly share: number } {
  const logWeights = logWeightsOf(drawn);
  const count = logWeights.length;
  const mixture = first ? reweighed(drawn.mixture, { z: drawn.z, logWeights }) : drawn.mixture;
  const before = proposalLogProb(drawn, drawn);
  const after = proposalLogProb({ mixture, priorShare: finalPriorShare }, drawn);
  const [sum, squares] = [new LogSum(), new LogSum()];
  logWeights.forEach((value, n) => {
    sum.add(value);
    squares.add(2 * value + (value === -Infinity ? 0 : before[n]! - after[n]!));
  });
  const share = Math.exp(2 * sum.logMean(count) - squares.logMean(count));
  return { mixture, share: Number.isNaN(share) ? 0 : share };
}
