import type { Distribution, Prior } from '@elbo/core';
import { checked } from './checked.js';
import { inPart } from './in_part.js';
import { overriding } from './overriding.js';
import type { LearnedPrior } from './priors/learned_prior.js';
import type { AnyEncoder, Decoder } from './parts.js';
import type { LogProb, Sampled } from './posterior.js';

/** A decoder whose likelihoods give one log probability for each z. */
export function checkedDecoder(decoder: Decoder): Decoder {
  const what = `The decoder '${decoder.config.kind}'`;
  return overriding(decoder, {
    likelihood: (params, mode, z, condition) => {
      const likelihood = inPart(what, params, { z, 'a condition': condition }, () =>
        decoder.likelihood(params, mode, z, condition),
      );
      return overriding<Distribution>(likelihood, {
        logProb: (x) => checked(likelihood.logProb(x), [z.shape[0]], `${what}: log p(x|z)`),
      });
    },
  });
}

/** An encoder whose posteriors give draws of z, `[samples · B, Z]`, and one log density for each. */
export function checkedEncoder<E extends AnyEncoder>(encoder: E): E {
  const what = `The encoder '${encoder.config.kind}'`;
  return overriding<AnyEncoder>(encoder, {
    posterior: (params, mode, x, condition) => {
      const posterior = inPart(what, params, { x, 'a condition': condition }, () =>
        encoder.posterior(params, mode, x, condition),
      );
      const [rows = 1] = x.shape;
      const { logProb } = posterior as Partial<LogProb>;
      return overriding<Sampled & Partial<LogProb>>(posterior, {
        sample: (key, samples = 1) =>
          checked(
            posterior.sample(key, samples),
            [samples * rows, encoder.latent],
            `${what}: a draw of z`,
          ),
        ...(logProb && {
          logProb: (z) => checked(logProb.call(posterior, z), [z.shape[0]], `${what}: log q(z|x)`),
        }),
      });
    },
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
  return overriding<Prior>(prior, {
    sample: (key, n) => checked(prior.sample(key, n), [n, prior.dim], `${what}: a draw of z`),
    logProb: (z) => checked(prior.logProb(z), [z.shape[0]], `${what}: log p(z)`),
  }) as P;
}
