import { sliceOf } from '@elbo/core';
import type { Pass } from '@elbo/objectives';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';

/** What every divergence of the aggregate posterior takes. */
export interface AggregateOptions {
  /** The named part of a structured z that is compared; all of it by default. */
  readonly part?: string;
  /** Names the term's metrics. */
  readonly name?: string;
}

/** The two samples that a divergence compares, `[B, Z]` each. */
interface Samples {
  /** Of the aggregate posterior. */
  readonly codes: Tensor2D;
  /** Of the prior. */
  readonly draws: Tensor2D;
}

/** The name of a term, its part of the config, and its samples. */
export interface Aggregate {
  readonly name: string;
  readonly config: { readonly name: string; readonly part?: string };
  samples(pass: Pass<'posterior'>): Samples;
}

/** The options with their defaults. */
export function aggregate({ part, name: given }: AggregateOptions, kind: string): Aggregate {
  const name = given ?? kind;
  return {
    name,
    config: { name, ...(part !== undefined && { part }) },
    samples: ({ prior, z, zPrior }) => {
      const of = (whole: Tensor2D): Tensor2D =>
        part === undefined ? whole : sliceOf(prior, whole, part);
      return { codes: of(z), draws: of(zPrior) };
    },
  };
}

/** The schemas of what every divergence takes. */
export const aggregateEntries: {
  readonly part: v.ExactOptionalSchema<v.StringSchema<undefined>, undefined>;
  readonly name: v.ExactOptionalSchema<v.StringSchema<undefined>, undefined>;
} = { part: v.exactOptional(v.string()), name: v.exactOptional(v.string()) };
