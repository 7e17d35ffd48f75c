import type { Key } from '@elbo/random';
import { tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import type { DrawnRows } from '../config/row_form.js';
import { RequestError } from '../request_error.js';

/** What samples are conditioned on, `[count, C]`: one class, or one after the other; or what held-out rows have. */
export async function conditionsFor(
  rows: DrawnRows,
  count: number,
  only: number | undefined,
  noise: Key,
): Promise<Tensor2D | undefined> {
  const { conditions, onLabels } = rows;
  if (only !== undefined && !(onLabels && conditions !== undefined && only < conditions))
    throw new RequestError(
      onLabels
        ? `--class ${only}: the classes are 0 to ${(conditions ?? 0) - 1}.`
        : '--class needs a model that was trained with --condition label.',
    );
  if (conditions === undefined) return undefined;
  if (onLabels) {
    const values = new Float32Array(count * conditions);
    for (let i = 0; i < count; i++) values[i * conditions + (only ?? i % conditions)] = 1;
    return tensor2d(values, [count, conditions]);
  }
  const data = await rows.read();
  const first = Uint32Array.from({ length: count }, (_, i) => i % data.size);
  const { condition } = await data.read(first, noise);
  return condition && tensor2d(condition, [count, conditions]);
}
