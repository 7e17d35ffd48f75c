import { scope } from '@elbo/gradients';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold, ofRows, type BatchRows, type Key } from '@elbo/random';

/** Whose draws, how many each, and from what noise. */
export interface RowDrawsOptions {
  readonly key: Key;
  /** Where the rows stand among all: a row's noise does not depend on which are read with it. */
  readonly part: BatchRows;
  readonly each: number;
}

/** Draws from the model's posterior of each row, row after row, `[B · each, Z]`; from the prior where it has no encoder. */
export async function posteriorRowDraws(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, part, each }: RowDrawsOptions,
): Promise<Float32Array> {
  const rows = Array.from({ length: part.count }, (_, row) => row);
  if (!model.encoder) return priorRowDraws(model, params, { key, part, each, rows });
  const dim = model.prior.dim;
  const z = new Float32Array(part.count * each * dim);
  const forward = model.forward(params, batch, {
    step: 0,
    key: ofRows(key, part),
    training: false,
  });
  try {
    // One at a time: the noise of several draws depends on how many rows there are in all.
    for (let n = 0; n < each; n++) {
      const noise = ofRows(fold(fold(key, 'posterior'), n), part);
      const { drawn } = scope(() => ({ drawn: forward.pass.posterior.sample(noise) }));
      try {
        const values = await drawn.data<'float32'>();
        for (const row of rows)
          z.set(values.subarray(row * dim, (row + 1) * dim), (row * each + n) * dim);
      } finally {
        drawn.dispose();
      }
    }
  } finally {
    forward.dispose();
  }
  return z;
}

/** Draws from the prior, others for each row that is named, row after row: `[R · each, Z]`. */
export async function priorRowDraws(
  model: Model,
  params: Primal,
  { key, part, each, rows }: RowDrawsOptions & { readonly rows: readonly number[] },
): Promise<Float32Array> {
  const width = each * model.prior.dim;
  const z = new Float32Array(rows.length * width);
  if (each === 0) return z;
  const prior = model.priorOf(params);
  for (const [i, row] of rows.entries()) {
    const noise = fold(fold(key, 'prior'), part.first + row);
    const { drawn } = scope(() => ({ drawn: prior.sample(noise, each) }));
    try {
      z.set(await drawn.data<'float32'>(), i * width);
    } finally {
      drawn.dispose();
    }
  }
  return z;
}
