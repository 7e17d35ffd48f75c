import { expectGiven, couplingOf, defineKind, repeatBatch, type Kind } from '@elbo/core';
import { encoderCategory, type AnyEncoder, type Encoder } from '@elbo/objectives';
import { headOf } from './head.js';
import {
  buildOptions,
  encoderConfig,
  encoderEntries,
  expectCounts,
  type EncoderOptions,
} from './options.js';
import { trunkOf } from './trunk.js';

/**
 * z = f(x), a linear layer `code` on the features: q(z|x) is one point, for models that compare the aggregate posterior
 * only (Makhzani et al. 2015, §2; Tolstikhin et al. 2018). All its draws are equal, and it has no density.
 *
 * @throws ConfigError when `latent` is no whole number from 1.
 */
export function deterministicEncoder(options: EncoderOptions): Encoder<'posterior'> {
  expectGiven('deterministicEncoder', options, 'latent');
  const { network, latent } = options;
  const where = 'deterministicEncoder';
  expectCounts(where, { latent });
  const trunk = trunkOf(network, where);
  const head = headOf('code', latent, where);
  return {
    config: { kind: 'deterministic', ...encoderConfig(options) },
    offers: ['posterior'],
    latent,
    ...couplingOf(network),
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      return { ...params, ...head.init(key, features) };
    },
    posterior: (params, mode, x, condition) => {
      const code = head.apply(params, mode, trunk.apply(params, mode, x, condition));
      const posterior = {
        code,
        sample: (_key: unknown, samples = 1) => repeatBatch(code, samples),
      };
      return posterior;
    },
  };
}

/** Builds a deterministic encoder from its config. */
export const deterministicKind: Kind<AnyEncoder> = defineKind(
  'deterministic',
  encoderCategory,
  encoderEntries,
  (options, registry) => deterministicEncoder(buildOptions(options, registry)),
);
