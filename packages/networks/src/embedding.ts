import {
  expectGiven,
  formatShape,
  ShapeError,
  tensorAt,
  type Network,
  type Params,
} from '@elbo/core';
import { dense } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import { cast, gather, type Rank } from '@tensorflow/tfjs-core';
import { initialKernel } from './initial_kernel.js';
import { expectCounts } from './options.js';

/** Vectors for symbols. */
export interface EmbeddingOptions {
  /** The numbers of a symbol's vector. */
  readonly units: number;
  /** How many symbols there are, where they come as whole numbers from 0; without it they come one-hot. */
  readonly symbols?: number;
}

/** N(0, 1/units), so that a vector's length is about 1 whatever its size. */
function table(key: Key, symbols: number, units: number): Params {
  const fan = { inputs: 2 * units, outputs: units };
  return { kernel: initialKernel(fold(key, 'kernel'), [symbols, units], fan, 'he') };
}

/**
 * A learned vector for each of C symbols, the rows of its one parameter `kernel` [C, units]:
 *
 * - of one-hot symbols, or mixtures of them, [B, …, C] to [B, …, units]: a product, whose cost grows with C, and which
 *   has a gradient in its input;
 * - with `symbols`, of whole numbers below that, [B, …] to [B, …, units]: rows are gathered, for alphabets of hundreds.
 *
 * @throws ConfigError when a number is no whole number from 1; `init` throws ShapeError for inputs without an axis of
 * symbols.
 */
export function embedding(options: EmbeddingOptions): Network {
  expectGiven('embedding', options, 'units');
  const { units, symbols } = options;
  expectCounts('embedding', { units, ...(symbols !== undefined && { symbols }) });
  return {
    config: { kind: 'embedding', units, ...(symbols !== undefined && { symbols }) },
    init: (key, input) => {
      if (symbols !== undefined)
        return { params: table(key, symbols, units), output: [...input, units] };
      const classes = input.at(-1);
      if (classes === undefined)
        throw new ShapeError(
          `embedding: takes one-hot symbols, [..., C], and not ${formatShape(input)}; of whole numbers, say how many 'symbols' there are.`,
        );
      return { params: table(key, classes, units), output: [...input.slice(0, -1), units] };
    },
    apply: (params, _mode, x) => {
      const kernel = tensorAt<Rank.R2>(params, 'kernel');
      return symbols === undefined ? dense(x, kernel) : gather(kernel, cast(x, 'int32'));
    },
  };
}
