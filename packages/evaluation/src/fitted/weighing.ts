import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold, type BatchRows, type Key } from '@elbo/random';
import { priorRowDraws } from './row_draws.js';
import { drawMixture, logSums, mixtureLogProb, type StudentMixture } from './student_mixture.js';
import type { Target } from './target.js';

/** A model's rows that are estimated together. */
export interface Block {
  readonly model: Model;
  readonly params: Primal;
  readonly batch: Batch;
  readonly target: Target;
  /** Where the block stands among all rows. */
  readonly part: BatchRows;
  readonly key: Key;
}

/** Draws of one row, of which a fixed number come from the prior and the others from a mixture. */
export interface Draws {
  /** `[N, Z]`, row-major. */
  readonly z: Float32Array;
  /** log p(x, z) and log p(z), `[N]`. */
  readonly joint: Float64Array;
  readonly prior: Float64Array;
  /** The share of the prior's. */
  readonly priorShare: number;
  readonly mixture: StudentMixture;
}

/** `count` draws of each row that is named, a `priorShare` of them from the prior; its noise is its own. */
export async function drawWeighed(
  { model, params, target, part, key }: Block,
  name: string,
  mixtures: ReadonlyMap<number, StudentMixture>,
  { count, priorShare }: { readonly count: number; readonly priorShare: number },
): Promise<ReadonlyMap<number, Draws>> {
  const { dim } = target;
  const rows = [...mixtures.keys()];
  const ofPrior = Math.min(count - 1, Math.round(priorShare * count));
  const noise = fold(key, name);
  const prior = await priorRowDraws(model, params, { key: noise, part, each: ofPrior, rows });
  const all = new Float32Array(rows.length * count * dim);
  rows.forEach((row, i) => {
    const own = fold(fold(noise, 'mixture'), part.first + row);
    all.set(prior.subarray(i * ofPrior * dim, (i + 1) * ofPrior * dim), i * count * dim);
    const drawn = drawMixture(mixtures.get(row)!, own, count - ofPrior);
    all.set(drawn, (i * count + ofPrior) * dim);
  });
  const found = await target.at(all, rows);
  return new Map(
    rows.map((row, i) => {
      const [from, to] = [i * count, (i + 1) * count];
      return [
        row,
        {
          z: all.subarray(from * dim, to * dim),
          joint: found.joint.subarray(from, to),
          prior: found.prior.subarray(from, to),
          priorShare: ofPrior / count,
          mixture: mixtures.get(row)!,
        },
      ];
    }),
  );
}

/** log of (1 − α) r(z) + α p(z), `[N]`, of the mixture r and the share α of the draws' own round or another's. */
export function proposalLogProb(
  { mixture, priorShare }: Pick<Draws, 'mixture' | 'priorShare'>,
  { z, prior }: Pick<Draws, 'z' | 'prior'>,
): Float64Array {
  const own = mixtureLogProb(mixture, z);
  if (priorShare === 0) return own;
  const both = new Float64Array(2 * own.length);
  own.forEach((value, n) => {
    both[n] = value + Math.log1p(-priorShare);
    both[own.length + n] = prior[n]! + Math.log(priorShare);
  });
  return logSums(both, 2);
}

/** log p(x, z) less the log density of the proposal, `[N]`. */
export function logWeightsOf(draws: Draws): Float64Array {
  const proposal = proposalLogProb(draws, draws);
  // Outside of the prior's support both may be −∞.
  return draws.joint.map((value, n) => (value === -Infinity ? value : value - proposal[n]!));
}
