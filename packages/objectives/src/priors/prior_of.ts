import type { Mode, Prior } from '@elbo/core';
import type { AnyEncoder } from '../model/encoder_decoder.js';
import type { Primal } from '../model/params.js';
import { isLearned } from './learned_prior.js';

/** A model's prior with its parameters; what has none is as it is. */
export function priorOf(
  { prior, encoder }: { readonly prior: Prior; readonly encoder?: AnyEncoder | undefined },
  params: Primal,
  mode: Mode,
): Prior {
  if (!isLearned(prior)) return prior;
  // `compose` checks that there is an encoder where the prior needs one.
  return prior.bind(params.prior ?? {}, (x) =>
    encoder!.posterior(params.encoder ?? {}, mode, x, undefined),
  );
}
