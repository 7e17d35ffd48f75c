import { categorical, repeatBatch, valuesPerRow, type Distribution, type Params } from '@elbo/core';
import { gruStates, type GruCell } from '@elbo/networks';
import { randomUniform } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import {
  add,
  argMax,
  cast,
  concat,
  cumsum,
  expandDims,
  greaterEqual,
  less,
  logSoftmax,
  mul,
  ones,
  oneHot,
  reshape,
  slice,
  softmax,
  stack,
  sub,
  sum,
  transpose,
  zeros,
  type Rank,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';

/** What a batch of B latents makes of a recurrent decoder: a language model each. */
export interface SequenceModel {
  /** T and C. */
  readonly shape: readonly [length: number, symbols: number];
  /** The symbol that ends a sequence. */
  readonly end: number;
  readonly cell: GruCell;
  /** The cell's parameters. */
  readonly recurrence: Params;
  /** The logits `[N, C]` of the symbol that follows states `[N, H]`. */
  next(states: Tensor): Tensor;
  /** The state before the first place, `[B, H]`. */
  readonly start: Tensor2D;
  /** What z adds to the gates at every place, `[B, 3H]`. */
  readonly gates: Tensor2D;
  /** The share of the symbols that teacher forcing hides, and with which noise; none outside training. */
  readonly dropout: { readonly rate: number; readonly key: Key } | undefined;
}

/** Distributions over sequences; what they hold of z is where a scope sees it. */
export interface SequenceDistribution extends Distribution {
  readonly start: Tensor2D;
  readonly gates: Tensor2D;
}

/**
 * p(x|z) = Πₜ p(xₜ | x₍<ₜ₎, z), up to and with the first end symbol; what a row has after that counts for nothing. A
 * sequence that fills all T places needs no end, so that the probabilities of all sequences sum to 1.
 */
export function sequenceLikelihood(model: SequenceModel): SequenceDistribution {
  const { start, gates } = model;
  return {
    start,
    gates,
    logProb: (x) => {
      const count = valuesPerRow(
        x,
        { shape: [start.shape[0], ...model.shape] },
        'sequence.logProb',
      );
      return teacherForced(repeated(model, count), x as Tensor3D);
    },
    sample: (key, samples = 1) =>
      unrolled(repeated(model, samples), (logits, t) => {
        const symbol = categorical(logits).sample(fold(key, t)) as Tensor2D;
        return { symbol, shown: symbol };
      }),
    mean: () =>
      unrolled(model, (logits) => {
        const best = argMax(logits, 1);
        // A float32 oneHot of the wasm backend holds the bits of integers.
        const symbol = cast(oneHot(best, model.shape[1]), 'float32') as Tensor2D;
        return { symbol, shown: softmax(logits) };
      }),
  };
}

function repeated(model: SequenceModel, samples: number): SequenceModel {
  if (samples === 1) return model;
  return {
    ...model,
    start: repeatBatch(model.start, samples),
    gates: repeatBatch(model.gates, samples),
  };
}

/** The log probabilities, [N], of sequences [N, T, C], each place given the true ones before it. */
function teacherForced(model: SequenceModel, x: Tensor3D): Tensor1D {
  const { cell, recurrence, start, gates, end } = model;
  const [rows, length, symbols] = x.shape;
  const byPlace: Tensor3D = transpose(x, [1, 0, 2]);
  const seen: Tensor3D = model.dropout ? transpose(hidden(x, model.dropout), [1, 0, 2]) : byPlace;
  const before = concat([
    zeros<Rank.R3>([1, rows, symbols]),
    slice(seen, [0, 0, 0], [length - 1, rows, symbols]),
  ]);
  const projected = add(cell.project(recurrence, before), gates);
  const states = concat([...gruStates(cell, recurrence, projected, start)]);
  const logProbs = reshape(logSoftmax(model.next(states)), byPlace.shape);
  const ends = slice(byPlace, [0, 0, end], [length, rows, 1]);
  const open = cast(less(cumsum(ends, 0, true), 0.5), 'float32');
  return sum(mul(sum(mul(byPlace, logProbs), 2), reshape(open, [length, rows])), 0);
}

/** Sequences with some symbols blanked. */
function hidden(
  x: Tensor3D,
  { rate, key }: { readonly rate: number; readonly key: Key },
): Tensor3D {
  const [rows, length] = x.shape;
  const kept = cast(greaterEqual(randomUniform<Rank.R2>(key, [rows, length]), rate), 'float32');
  return mul(x, expandDims(kept, 2));
}

/** Sequences that are fed what they chose, [N, T, C]: `choose` says which symbols, and what is shown of each place. */
function unrolled(
  { cell, recurrence, start, gates, end, shape: [length, symbols], next }: SequenceModel,
  choose: (
    logits: Tensor2D,
    place: number,
  ) => { readonly symbol: Tensor2D; readonly shown: Tensor },
): Tensor {
  const [rows] = start.shape;
  const over = cast<Tensor2D>(oneHot([end], symbols) as Tensor2D, 'float32');
  let open = ones<Rank.R2>([rows, 1]);
  let state = start;
  let last = zeros<Rank.R2>([rows, symbols]);
  const places: Tensor[] = [];
  for (let t = 0; t < length; t++) {
    const projected = expandDims(add(cell.project(recurrence, last), gates), 0);
    state = cell.next(recurrence, cell.places(projected)[0]!, state);
    const { symbol, shown } = choose(next(state) as Tensor2D, t);
    const closed = mul(sub(1, open), over);
    places.push(add(mul(open, shown), closed));
    last = add(mul(open, symbol), closed);
    open = mul(open, sub(1, slice(last, [0, end], [rows, 1])));
  }
  return stack(places, 1);
}
