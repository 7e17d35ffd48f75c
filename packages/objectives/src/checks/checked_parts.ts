import type { Distribution, Prior, Shape } from '@elbo/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { AnyEncoder, Decoder } from '../model/encoder_decoder.js';
import { overriding } from '../model/overriding.js';
import type { LearnedPrior } from '../priors/learned_prior.js';
import { checked } from './checked.js';
import { checkedPosterior } from './checked_posterior.js';
import { expectMembers } from './expect_members.js';
import { inPart } from './in_part.js';

/** A decoder whose likelihoods have a value for each z, and one log probability. */
export function checkedDecoder(decoder: Decoder): Decoder {
  const what = `The decoder '${decoder.config.kind}'`;
  return overriding(decoder, {
    likelihood: (params, mode, z, condition) => {
      const likelihood = inPart(what, params, { z, 'a condition': condition }, () =>
        decoder.likelihood(params, mode, z, condition),
      );
      expectMembers(likelihood, `${what}: a likelihood`, 'sample', 'logProb', 'mean');
      return overriding(valuesLike(likelihood, z.shape[0], what), {
        logProb: (x) =>
          checked(
            inPart(what, {}, { x }, () => likelihood.logProb(x)),
            [z.shape[0]],
            `${what}: log p(x|z)`,
          ),
      });
    },
  });
}

/** Likelihoods whose means and draws have `rows`, and the shape of the data where that is known. */
export function valuesLike<D extends Distribution>(
  likelihood: D,
  rows: number,
  what: string,
  shape?: Shape,
): D {
  const check = (made: Tensor, count: number, name: string): Tensor =>
    checked(made, [count, ...(shape ?? restOf(made))], `${what}: ${name} p(x|z)`);
  return overriding<Distribution>(likelihood, {
    mean: () => check(likelihood.mean(), rows, 'the mean of'),
    sample: (key, samples = 1) =>
      check(likelihood.sample(key, samples), samples * rows, 'a draw from'),
  }) as D;
}

/** An encoder whose posteriors give what they offer, in the shapes that `posterior.ts` says. */
export function checkedEncoder<E extends AnyEncoder>(encoder: E): E {
  const what = `The encoder '${encoder.config.kind}'`;
  return overriding<AnyEncoder>(encoder, {
    posterior: (params, mode, x, condition) =>
      checkedPosterior(
        inPart(what, params, { x, 'a condition': condition }, () =>
          encoder.posterior(params, mode, x, condition),
        ),
        encoder,
        x.shape[0],
      ),
  }) as E;
}

/** A prior that gives draws, `[n, Z]`, and one log density for each; learned ones when they have their parameters. */
export function checkedPrior<P extends Prior>(prior: P): P {
  const what = `The prior '${prior.config.kind}'`;
  const { bind } = prior as Partial<LearnedPrior>;
  if (bind)
    return overriding<Partial<LearnedPrior>>(prior, {
      bind: (params, posterior) => checkedPrior(bind.call(prior, params, posterior)),
    }) as P;
  const { sampleGiven } = prior;
  return overriding<Prior>(prior, {
    sample: (key, n) => checked(prior.sample(key, n), [n, prior.dim], `${what}: a draw of z`),
    logProb: (z) => checked(prior.logProb(z), [z.shape[0]], `${what}: log p(z)`),
    ...(sampleGiven && {
      sampleGiven: (key, label) =>
        checked(
          sampleGiven.call(prior, key, label),
          [label.shape[0], prior.dim],
          `${what}: a draw of z for each label`,
        ),
    }),
  }) as P;
}

/** The axes behind the batch's, of whatever shape they are. */
function restOf(made: Tensor): readonly undefined[] {
  const { shape } = made as Partial<Tensor>;
  return (shape ?? []).slice(1).map(() => undefined);
}
