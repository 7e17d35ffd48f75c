import {
  couplingOf,
  nested,
  networkCategory,
  pairNetworkCategory,
  repeatBatch,
  ShapeError,
  type Config,
  type Coupled,
  type Mode,
  type Network,
  type Params,
  type Registry,
  type Shape,
} from '@elbo/core';
import type { Key } from '@elbo/random';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Generated } from '../pass/pass.js';

/** What judges data: D(x), or D(x, c) with the condition of each row, `[B, 1]`. */
export type DataCriticOptions =
  | { readonly discriminator: Network; readonly conditional?: false }
  | { readonly discriminator: Network<[Tensor, Tensor]>; readonly conditional: true };

/** A discriminator of data, whether it sees the condition or not. */
export interface DataCritic extends Coupled {
  /** The part of a config that says what it is. */
  readonly config: { readonly discriminator: Config; readonly conditional?: true };
  /** @throws ShapeError when it is conditional and the data have no condition. */
  init(key: Key, x: Shape, condition: Shape | undefined): Params;
  /** Scores of data for the rows of a pass, `[B, 1]`; of `samples · B` rows, sample-major. */
  scores(
    params: Params,
    mode: Mode,
    pass: Pick<Generated, 'x' | 'condition'>,
  ): (x: Tensor) => Tensor;
}

/** A data critic as its options say; `where` names it in errors. */
export function dataCritic(options: DataCriticOptions, where: string): DataCritic {
  if (!options.conditional) {
    const { discriminator } = options;
    return {
      config: { discriminator: discriminator.config },
      init: (key, x) => discriminator.init(key, x).params,
      scores: (params, mode) => (x) => discriminator.apply(params, mode, x),
      ...couplingOf(discriminator),
    };
  }
  const { discriminator } = options;
  const expected = <T>(condition: T | undefined): T => {
    if (condition !== undefined) return condition;
    throw new ShapeError(
      `${where}: its discriminator is conditional, and these data have no condition; give them one, as conditionOnLabel() does.`,
    );
  };
  return {
    config: { discriminator: discriminator.config, conditional: true },
    init: (key, x, condition) => discriminator.init(key, x, expected(condition)).params,
    scores: (params, mode, pass) => (x) => {
      const condition = repeatBatch(expected(pass.condition), x.shape[0] / pass.x.shape[0]);
      return discriminator.apply(params, mode, x, condition);
    },
    ...couplingOf(discriminator),
  };
}

/** The schemas of a data critic. */
export const dataCriticEntries: {
  readonly discriminator: typeof nested;
  readonly conditional: v.ExactOptionalSchema<v.BooleanSchema<undefined>, undefined>;
} = { discriminator: nested, conditional: v.exactOptional(v.boolean()) };

/** A data critic's options, built from a config. */
export function buildDataCritic(
  options: { readonly discriminator: Config; readonly conditional?: boolean },
  registry: Registry,
): DataCriticOptions {
  const { discriminator, conditional = false } = options;
  return conditional
    ? { conditional, discriminator: registry.build(pairNetworkCategory, discriminator) }
    : { discriminator: registry.build(networkCategory, discriminator) };
}
