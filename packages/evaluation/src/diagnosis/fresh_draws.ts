import { macrotask, type Params } from '@elbo/core';
import { elboOf, type Batch, type Model, type ModelParams, type Term } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { add, dispose, reshape, tidy } from '@tensorflow/tfjs-core';

/** What discriminators make of fresh draws, by the mean T̄ of their log-odds; of each row, means over its draws. In nats. */
export interface Judged {
  /** The ELBO with T̄ at the posterior's draws. */
  readonly elbo: Float64Array;
  /** The ELBO with E T̄ + 1 − E exp T̄ in place of E T̄, a lower bound on what T̄ estimates whatever T̄ is. */
  readonly atMost: Float64Array;
  /** The standard error of the mean of `elbo`, and of `atMost`, of these rows: over draws alone. */
  readonly errors: { readonly elbo: number; readonly atMost: number };
  /** The mean variance of the discriminators among themselves, at the posterior's draws; 0 of a single one. */
  readonly disagreement: number;
  /** T̄ at all draws of the posterior, and of what it is told apart from. */
  readonly logits: { readonly posterior: Float64Array; readonly contrast: Float64Array };
}

/** T at one draw of each row. */
interface Logits {
  readonly posterior: Float32Array;
  readonly contrast: Float32Array;
}

/**
 * Judges `draws` fresh draws of each row by groups of discriminators of one term, a result each; all see the same draws,
 * and each draw is decoded once.
 */
export async function judgeByFreshDraws(
  model: Model,
  term: Term,
  params: ModelParams,
  batch: Batch,
  groups: readonly (readonly Params[])[],
  {
    key,
    draws,
    signal,
  }: { readonly key: Key; readonly draws: number; readonly signal?: AbortSignal | undefined },
): Promise<readonly Judged[]> {
  const rows = batch.x.shape[0];
  const all = [...new Set(groups.flat())];
  const tallies = groups.map(() => tallyOf(rows, draws));
  for (let draw = 0; draw < draws; draw++) {
    signal?.throwIfAborted();
    const { base, logits } = await ofDraw(model, term, params, batch, all, fold(key, draw));
    groups.forEach((group, i) => {
      const own = group.map((discriminator) => logits[all.indexOf(discriminator)]!);
      tallies[i]!.add(draw, base, own);
    });
  }
  return tallies.map((tally) => tally.judged());
}

/** Collects what one group makes of the draws. */
function tallyOf(
  rows: number,
  draws: number,
): {
  add(draw: number, base: Float32Array, logits: readonly Logits[]): void;
  judged(): Judged;
} {
  const elbo = new Moments(rows);
  const atMost = new Moments(rows);
  const posterior = new Float64Array(rows * draws);
  const contrast = new Float64Array(rows * draws);
  let disagreement = 0;
  return {
    add: (draw, base, logits) => {
      for (let row = 0; row < rows; row++) {
        const ofPosterior = momentsOf(logits.map((own) => own.posterior[row]!));
        const { mean: ofContrast } = momentsOf(logits.map((own) => own.contrast[row]!));
        elbo.add(row, base[row]! - ofPosterior.mean);
        atMost.add(row, base[row]! - ofPosterior.mean - 1 + Math.exp(ofContrast));
        posterior[draw * rows + row] = ofPosterior.mean;
        contrast[draw * rows + row] = ofContrast;
        disagreement += ofPosterior.variance / (rows * draws);
      }
    },
    judged: () => ({
      elbo: elbo.means(),
      atMost: atMost.means(),
      errors: { elbo: elbo.error(), atMost: atMost.error() },
      disagreement,
      logits: { posterior, contrast },
    }),
  };
}

/** One draw for each row: the ELBO without T, and the discriminators' log-odds. */
async function ofDraw(
  model: Model,
  term: Term,
  { primal, dual }: ModelParams,
  batch: Batch,
  discriminators: readonly Params[],
  key: Key,
): Promise<{
  readonly base: Float32Array;
  readonly logits: readonly Logits[];
}> {
  const open = model.forward(primal, batch, { step: 0, key, training: false });
  try {
    const made = tidy(() => {
      const logits = discriminators.map((params) => {
        const both = term.evaluate(open.pass, params).logits!();
        return { posterior: reshape(both.posterior, [-1]), contrast: reshape(both.contrast, [-1]) };
      });
      const judged = elboOf(model, open, { ...dual, [term.name]: discriminators[0]! });
      return { base: add(judged, logits[0]!.posterior), logits };
    });
    await macrotask();
    try {
      return {
        base: (await made.base.data<'float32'>()).slice(),
        logits: await Promise.all(
          made.logits.map(async (pair) => ({
            posterior: (await pair.posterior.data<'float32'>()).slice(),
            contrast: (await pair.contrast.data<'float32'>()).slice(),
          })),
        ),
      };
    } finally {
      dispose([made.base, ...made.logits.flatMap((pair) => Object.values(pair))]);
    }
  } finally {
    open.dispose();
  }
}

/** Means and variances of each row's values (Welford 1962). */
class Moments {
  private readonly mean: Float64Array;
  private readonly squares: Float64Array;
  private readonly count: Uint32Array;

  constructor(rows: number) {
    this.mean = new Float64Array(rows);
    this.squares = new Float64Array(rows);
    this.count = new Uint32Array(rows);
  }

  add(row: number, value: number): void {
    const count = ++this.count[row]!;
    const away = value - this.mean[row]!;
    this.mean[row]! += away / count;
    this.squares[row]! += away * (value - this.mean[row]!);
  }

  means(): Float64Array {
    return this.mean;
  }

  /** The standard error of the mean over all rows, these rows being given. */
  error(): number {
    const sum = this.squares.reduce((total, squares, row) => {
      const count = this.count[row]!;
      return total + squares / (count - 1) / count;
    }, 0);
    return Math.sqrt(sum) / this.count.length;
  }
}

function momentsOf(values: readonly number[]): {
  readonly mean: number;
  readonly variance: number;
} {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, variance: squares / Math.max(1, values.length - 1) };
}
