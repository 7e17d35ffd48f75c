import { fold } from '@elbo/random';
import { add, concat, slice, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { ConfigError } from '../errors.js';
import { expectGiven, expectParts } from '../expect_given.js';
import { defineKind, nested, type Kind } from '../registry.js';
import { recordOf } from '../schemas.js';
import { closest } from '../spelling.js';
import { priorCategory, type Prior, type Slice } from './types.js';

/**
 * The prior of a structured z = (z₁, z₂, …): independent named parts side by side, in the order given, such as a one-hot
 * class and a normal style.
 *
 * @throws ConfigError when there is no part.
 */
export function productPrior(parts: Readonly<Record<string, Prior>>): Prior {
  expectGiven('productPrior', parts);
  expectParts('productPrior', 'a part', parts, 'sample');
  const entries = Object.entries(parts);
  if (entries.length === 0) throw new ConfigError('productPrior: name at least one part.');
  let dim = 0;
  const slices = Object.create(null) as Record<string, Slice>;
  for (const [name, part] of entries) {
    slices[name] = { begin: dim, size: part.dim };
    dim += part.dim;
  }
  const prior: Prior = {
    config: {
      kind: 'product',
      parts: Object.fromEntries(entries.map(([name, part]) => [name, part.config])),
    },
    dim,
    slices,
    sample: (key, n) =>
      concat(
        entries.map(([name, part]) => part.sample(fold(key, name), n)),
        1,
      ),
    logProb: (z) =>
      entries
        .map(([name, part]) => part.logProb(sliceOf(prior, z, name)))
        .reduce((a, b) => add<Tensor1D>(a, b)),
  };
  return prior;
}

/**
 * The part `name` of a structured z `[B, Z]`: `[B, size]`.
 *
 * @throws ConfigError when the prior has no such part.
 */
export function sliceOf(prior: Prior, z: Tensor2D, name: string): Tensor2D {
  const { begin, size } = namedSlice(prior, name);
  return slice(z, [0, begin], [z.shape[0], size]);
}

/**
 * Where the part `name` of a structured z lies.
 *
 * @throws ConfigError when the prior has no such part.
 */
export function namedSlice({ config, slices = {} }: Prior, name: string): Slice {
  if (Object.hasOwn(slices, name)) return slices[name]!;
  const names = Object.keys(slices);
  const near = closest(name, names);
  throw new ConfigError(
    `The prior '${config.kind}' has no part '${name}'${near ? `; did you mean '${near}'?` : ` (it has ${names.join(', ') || 'none'}).`}`,
  );
}

/** Builds a product from its config. */
export const productKind: Kind<Prior> = defineKind(
  'product',
  priorCategory,
  { parts: recordOf(nested) },
  ({ parts }, registry) =>
    productPrior(
      Object.fromEntries(
        Object.entries(parts).map(([name, part]) => [name, registry.build(priorCategory, part)]),
      ),
    ),
);
