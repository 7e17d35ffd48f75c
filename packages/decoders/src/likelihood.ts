import { expectGiven, CompositionError } from '@elbo/core';
import type { Decoder } from '@elbo/objectives';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** A likelihood that is written down. */
export interface LikelihoodDecoderOptions {
  /** Its kind in configs; for files define a kind of that name. */
  readonly name: string;
  /** log p(y|z) in nats, `[B]`, of what was observed at each z `[B, Z]`; differentiable in z. */
  readonly logLikelihood: (z: Tensor2D) => Tensor1D;
}

/**
 * p(y|z) of one observation y, as a function of z that is given and not learned: so a model is a posterior that is to be
 * found, and its encoder an approximation to p(z|y). It does not read x; train on a dataset of one constant row. There
 * is nothing to sample or reconstruct.
 */
export function likelihoodDecoder(options: LikelihoodDecoderOptions): Decoder {
  expectGiven('likelihoodDecoder', options, 'name', 'logLikelihood');
  const { name, logLikelihood } = options;
  const refuse = (): never => {
    throw new CompositionError(
      `likelihoodDecoder '${name}' is a density of fixed observations: it has no samples and no mean. Draw z with \`encode\`.`,
    );
  };
  return {
    config: { kind: name },
    init: () => ({}),
    likelihood: (_params, _mode, z) => ({
      logProb: () => logLikelihood(z),
      sample: refuse,
      mean: refuse,
    }),
  };
}
