import { scope } from '@elbo/gradients';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { key } from '@elbo/random';

/**
 * The entropy in nats of how often each row is among the rows, where p(x|z) is of zeros and ones and they are such; undefined
 * otherwise, as of densities, and of conditions, whose rows share no sum of 1.
 */
export async function entropyOfRows(
  model: Model,
  primal: Primal,
  batch: Batch,
): Promise<number | undefined> {
  const { x, condition } = batch;
  if (condition || !model.encoder || !ofBits(model, primal, batch)) return undefined;
  const values = await x.data<'float32'>();
  if (values.some((value) => value !== 0 && value !== 1)) return undefined;
  const rows = x.shape[0];
  const width = values.length / rows;
  const counts = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const name = values.subarray(row * width, (row + 1) * width).join('');
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts.values()].reduce(
    (sum, count) => sum - (count / rows) * Math.log(count / rows),
    0,
  );
}

/** Whether p(x|z) has log-odds. */
function ofBits(model: Model, primal: Primal, batch: Batch): boolean {
  const forward = model.forward(primal, batch, { step: 0, key: key(0), training: false });
  try {
    return scope(() => 'logits' in forward.pass.likelihood);
  } finally {
    forward.dispose();
  }
}
