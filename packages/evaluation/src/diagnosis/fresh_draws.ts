import { macrotask, repeatBatch, type Params } from '@elbo/core';
import { elboOf, type Batch, type Model, type ModelParams, type Term } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { add, dispose, reshape, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';

/**
 * What discriminators make of fresh draws, by the mean T̄ of their log-odds. A value for each draw of each row, row by row and
 * draw after draw, in nats.
 */
export interface Judged {
  /** The ELBO without what T̄ estimates. */
  readonly base: Float64Array;
  /** The whole divergence of the posterior from the prior, by T̄. */
  readonly divergence: Float64Array;
  /** T̄ at the posterior's draws, and at draws of what it is told apart from. */
  readonly logits: { readonly posterior: Float64Array; readonly contrast: Float64Array };
  /** The mean variance of the discriminators among themselves, at the posterior's draws; 0 of a single one. */
  readonly disagreement: number;
}

/** T at one draw of each row. */
interface Logits {
  readonly posterior: Float32Array;
  readonly contrast: Float32Array;
}

/** How draws are made. */
export interface Drawing {
  readonly key: Key;
  /** Of each row. */
  readonly draws: number;
  readonly signal?: AbortSignal | undefined;
}

/** Rows that are passed at once, at least: a small set is copied, so that draws of it do not take a pass each. */
const passed = 200;

/**
 * Judges fresh draws of each row by groups of discriminators of one term, a result each; all see the same draws, and each
 * draw is decoded once. Copies of a row are draws of that row.
 */
export async function judgeByFreshDraws(
  model: Model,
  term: Term,
  params: ModelParams,
  batch: Batch,
  groups: readonly (readonly Params[])[],
  { key, draws, signal }: Drawing,
): Promise<readonly Judged[]> {
  const rows = batch.x.shape[0];
  const copies = Math.min(draws, Math.ceil(passed / rows));
  const all = [...new Set(groups.flat())];
  const tallies = groups.map(() => tallyOf(rows * draws));
  const copied = copiesOf(batch, copies);
  try {
    for (let draw = 0; draw < draws; draw += copies) {
      signal?.throwIfAborted();
      const { base, rest, logits } = await ofDraw(
        model,
        term,
        params,
        copied,
        all,
        fold(key, draw),
      );
      groups.forEach((group, i) => {
        const own = group.map((discriminator) => logits[all.indexOf(discriminator)]!);
        tallies[i]!.add(draw * rows, { base, rest, logits: own });
      });
    }
  } finally {
    dispose(Object.values(copied) as Tensor[]);
  }
  return tallies.map((tally) => tally.judged());
}

/** The rows one after the other, so many times; the tensors are the caller's. */
export function copiesOf({ x, condition, label }: Batch, copies: number): Batch {
  return tidy(() => ({
    x: repeatBatch(x, copies),
    ...(condition && { condition: repeatBatch(condition, copies) }),
    ...(label && { label: repeatBatch(label, copies) }),
  }));
}

/** A pass, and what some discriminators make of it. */
interface Passed {
  readonly base: Float32Array;
  /** The divergence without T. */
  readonly rest: Float32Array;
  readonly logits: readonly Logits[];
}

/** Collects what one group makes of the draws. */
function tallyOf(count: number): {
  add(at: number, pass: Passed): void;
  judged(): Judged;
} {
  const array = (): Float64Array => new Float64Array(count);
  const [base, divergence, posterior, contrast] = [array(), array(), array(), array()];
  let disagreement = 0;
  return {
    add: (at, pass) => {
      // Of the last pass there may be more than was asked for.
      const here = Math.min(pass.base.length, count - at);
      for (let i = 0; i < here; i++) {
        const ofPosterior = momentsOf(pass.logits.map((own) => own.posterior[i]!));
        base[at + i] = pass.base[i]!;
        divergence[at + i] = pass.rest[i]! + ofPosterior.mean;
        posterior[at + i] = ofPosterior.mean;
        contrast[at + i] = momentsOf(pass.logits.map((own) => own.contrast[i]!)).mean;
        disagreement += ofPosterior.variance / count;
      }
    },
    judged: () => ({ base, divergence, logits: { posterior, contrast }, disagreement }),
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
): Promise<Passed> {
  const forward = model.forward(primal, batch, { step: 0, key, training: false });
  try {
    const made = tidy(() => {
      const evaluated = discriminators.map((params) => term.evaluate(forward.pass, params));
      const logits = evaluated.map((one) => {
        const both = one.logits!();
        return { posterior: reshape(both.posterior, [-1]), contrast: reshape(both.contrast, [-1]) };
      });
      const judged = elboOf(model, forward, { ...dual, [term.name]: discriminators[0]! });
      return {
        base: add(judged, logits[0]!.posterior),
        rest: sub(evaluated[0]!.cost(), logits[0]!.posterior),
        logits,
      };
    });
    await macrotask();
    try {
      return {
        base: (await made.base.data<'float32'>()).slice(),
        rest: (await made.rest.data<'float32'>()).slice(),
        logits: await Promise.all(
          made.logits.map(async (pair) => ({
            posterior: (await pair.posterior.data<'float32'>()).slice(),
            contrast: (await pair.contrast.data<'float32'>()).slice(),
          })),
        ),
      };
    } finally {
      dispose([made.base, made.rest, ...made.logits.flatMap((pair) => Object.values(pair))]);
    }
  } finally {
    forward.dispose();
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
