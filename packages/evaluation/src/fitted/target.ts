import { DataError, macrotask } from '@elbo/core';
import { inputGradient } from '@elbo/gradients';
import type { Batch, Model, Primal } from '@elbo/objectives';
import type { Key } from '@elbo/random';
import {
  add,
  clone,
  concat,
  dispose,
  gather,
  keep,
  mul,
  reshape,
  stack,
  sum,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** log p(x, z) and log p(z) in nats. */
interface Densities {
  readonly joint: Float64Array;
  readonly prior: Float64Array;
}

/** log p(x, z) in nats, `[N]`, and its gradient in z, `[N, Z]`. */
interface Slopes {
  readonly joint: Float64Array;
  readonly gradient: Float64Array;
}

/**
 * The densities that weigh z of the rows of a batch: of each row that is named as many, row after row, `[R · n, Z]`. What is
 * found of a z is its own whatever else is asked for.
 */
export interface Target {
  /** B. */
  readonly rows: number;
  /** Z. */
  readonly dim: number;
  at(z: Float32Array, rows: readonly number[]): Promise<Densities>;
  slopesAt(z: Float32Array, rows: readonly number[]): Promise<Slopes>;
}

/** How a target is evaluated. */
export interface TargetOptions {
  readonly key: Key;
  /** How many z are decoded at once. */
  readonly chunk: number;
  /** The number of the batch's first row, for errors. */
  readonly begin: number;
  readonly signal: AbortSignal | undefined;
}

/** The target of a batch, which it borrows. */
export function targetOf(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, chunk, begin, signal }: TargetOptions,
): Target {
  const dim = model.prior.dim;
  const mode = { training: false, key };

  const densities = (z: Tensor2D, of: Tensor1D): { joint: Tensor1D; prior: Tensor1D } => {
    const condition = batch.condition && gather(batch.condition, of);
    const likelihood = model.decoder.likelihood(params.decoder, mode, z, condition);
    const prior = model.priorOf(params).logProb(z);
    return { joint: add(likelihood.logProb(gather(batch.x, of)), prior), prior };
  };

  /** A table whose first column is log p(x, z), of z in chunks; its columns. */
  const inChunks = async (
    z: Float32Array,
    rows: readonly number[],
    table: (z: Tensor2D, of: Tensor1D) => Tensor2D,
  ): Promise<readonly Float64Array[]> => {
    const count = z.length / dim;
    const rowOf = (n: number): number => rows[Math.floor((n * rows.length) / count)]!;
    let columns: readonly Float64Array[] = [];
    for (let from = 0; from < count; from += chunk) {
      signal?.throwIfAborted();
      const size = Math.min(chunk, count - from);
      const made = tidy(() =>
        table(
          tensor2d(z.subarray(from * dim, (from + size) * dim), [size, dim]),
          tensor1d(
            Int32Array.from({ length: size }, (_, i) => rowOf(from + i)),
            'int32',
          ),
        ),
      );
      await macrotask();
      try {
        const values = await made.data<'float32'>();
        const width = values.length / size;
        if (columns.length === 0)
          columns = Array.from({ length: width }, () => new Float64Array(count));
        columns.forEach((column, c) => {
          for (let n = 0; n < size; n++) column[from + n] = values[n * width + c]!;
        });
      } finally {
        dispose(made);
      }
    }
    columns[0]?.forEach((value, n) => {
      if (Number.isNaN(value) || value === Infinity)
        throw new DataError(
          `logLikelihood: log p(x, z) of row ${begin + rowOf(n)} is ${value} at a z that was tried. The parameters of the decoder or the prior are not finite, or the row is not what the likelihood is of.`,
        );
    });
    return columns;
  };

  return {
    rows: batch.x.shape[0],
    dim,
    at: async (z, rows) => {
      const [joint, prior] = await inChunks(z, rows, (part, of) => {
        const found = densities(part, of);
        return stack([found.joint, found.prior], 1) as Tensor2D;
      });
      return { joint: joint!, prior: prior! };
    },
    slopesAt: async (z, rows) => {
      const [joint, ...slopes] = await inChunks(z, rows, (part, of) => {
        let kept: Tensor1D | undefined;
        const gradient = inputGradient((free) => {
          // Where nothing depends on z its gradient is 0, and no error.
          const value: Tensor1D = add(densities(free as Tensor2D, of).joint, mul(0, sum(free, 1)));
          // The tape frees what it recorded.
          kept = keep(clone(value));
          return value;
        }, part) as Tensor2D;
        const table = concat<Tensor2D>([reshape(kept!, [-1, 1]), gradient], 1);
        dispose(kept!);
        return table;
      });
      const gradient = new Float64Array(z.length);
      slopes.forEach((column, i) => {
        column.forEach((value, n) => (gradient[n * dim + i] = value));
      });
      return { joint: joint!, gradient };
    },
  };
}
