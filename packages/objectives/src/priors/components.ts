import { ConfigError, parameter, type Params } from '@elbo/core';
import { fold, normal, type Key } from '@elbo/random';
import { tensor2d, zeros } from '@tensorflow/tfjs-core';

/**
 * Fails unless each count is a whole number from 1 and `spread` 0 or more.
 *
 * @throws ConfigError that names the prior and the option.
 */
export function expectComponents(
  prior: string,
  counts: Readonly<Record<string, number>>,
  spread = 0,
): void {
  for (const [name, value] of Object.entries(counts))
    if (!Number.isInteger(value) || value < 1)
      throw new ConfigError(
        `${prior}: '${name}' must be a whole number of at least 1, not ${value}.`,
      );
  if (!(spread >= 0)) throw new ConfigError(`${prior}: 'spread' must be 0 or more, not ${spread}.`);
}

/** C normals in D dimensions: equal weights, unit variances, means drawn with a standard deviation of `spread`. */
export function initialComponents(key: Key, shape: [C: number, D: number], spread: number): Params {
  const means = parameter(shape, () =>
    tensor2d(
      normal(fold(key, 'means'), shape[0] * shape[1]).map((value) => spread * value),
      shape,
    ),
  );
  return { logits: zeros([shape[0]]), means, logVars: parameter(shape, () => zeros(shape)) };
}
