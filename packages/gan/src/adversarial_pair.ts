import {
  defineKind,
  expectGiven,
  nested,
  pairNetworkCategory,
  type Kind,
  type Network,
} from '@elbo/core';
import {
  buildRules,
  rulesEntries,
  rulesOf,
  term,
  termCategory,
  versus,
  type RulesOptions,
  type Term,
} from '@elbo/objectives';
import { fold } from '@elbo/random';
import { add, type Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { pairsOf } from './pairs.js';

/** The options of `adversarialPair`. */
export interface AdversarialPairOptions extends RulesOptions {
  /** D(x, z). */
  readonly discriminator: Network<[Tensor, Tensor]>;
  /** Names the term's metrics and parameters; `adversarial-pair` by default. */
  readonly name?: string;
}

/**
 * Makes encoder and decoder two ways to draw from one distribution of pairs (Donahue et al. 2017, eq. 3; Dumoulin et al.
 * 2017, eq. 1): D scores pairs of data with their codes, (x, z ~ q(z|x)), high and pairs of samples with theirs,
 * (G(z), z ~ p(z)), low. Either part moves its own pairs to where the other's are: the decoder by what is fake, the
 * encoder by what is real. Where D can no longer tell, each inverts the other. Its cost is no quantity in nats.
 *
 * @throws ConfigError for rules that do not fit.
 */
export function adversarialPair(options: AdversarialPairOptions): Term<'posterior'> {
  expectGiven('adversarialPair', options, 'discriminator');
  const { discriminator, name = 'adversarial-pair' } = options;
  const { config, coupling, ...rules } = rulesOf(options, 'adversarialPair');
  return term({
    config: { kind: 'adversarial-pair', discriminator: discriminator.config, name, ...config },
    name,
    role: 'regulariser',
    needs: ['posterior'],
    onData: true,
    coupling,
    adversary: {
      parts: [discriminator],
      init: (key, x, z) => discriminator.init(key, x, z).params,
    },
    evaluate: (pass, adversary) => {
      const key = fold(pass.key, name);
      const mode = { training: pass.training, key };
      const { join, split } = pairsOf(pass.x.shape.slice(1), pass.prior.dim);
      const { cost, costOfReal, loss, metrics } = versus({
        ...rules,
        name,
        critic: (pairs) => discriminator.apply(adversary, mode, ...split(pairs)),
        real: () => join(pass.x, pass.z),
        fake: () => join(pass.generated.mean(), pass.zPrior),
        key,
      });
      return { cost: () => add(cost(), costOfReal()), loss, metrics };
    },
  });
}

/** The kind of `adversarialPair`. */
export const adversarialPairKind: Kind<Term> = defineKind(
  'adversarial-pair',
  termCategory,
  { ...rulesEntries, discriminator: nested, name: v.exactOptional(v.string()) },
  ({ discriminator, name, ...rules }, registry) =>
    adversarialPair({
      ...buildRules(rules, registry),
      discriminator: registry.build(pairNetworkCategory, discriminator),
      ...(name !== undefined && { name }),
    }),
);
