import { defineKind, repeatBatch, type Kind } from '@elbo/core';
import { fold } from '@elbo/random';
import { add, mul, neg, reshape, sub, sum, type Tensor1D } from '@tensorflow/tfjs-core';
import { term, termCategory, type Term } from './term.js';

/**
 * Minus the ELBO in nats, `[B]`, of a latent z = [y, s] with a discrete part y, over which it is summed exactly:
 *
 *     Σ_y q(y|x) [log p(x|z_y) + log p(z_y) − log q(z_y|x)],   z_y = [y, s],  s ~ q(s|x, y)
 *
 * with log p(z) = log p(y) + log p(s|y) and log q(z|x) = log q(y|x) + log q(s|x, y) (Kingma et al. 2014, eq. 7, for one
 * latent class). y needs no gradient of a draw: q(y|x) gets its own. The decoder is evaluated once for each class.
 */
export function marginalElbo(): Term<'posterior' | 'logProb' | 'classes'> {
  return term({
    config: { kind: 'marginal-elbo' },
    name: 'bound',
    role: 'bound',
    needs: ['posterior', 'logProb', 'classes'],
    evaluate: (pass) => ({
      cost: () => {
        const { probabilities } = pass.posterior;
        const [classes] = probabilities.shape;
        const z = pass.posterior.ofEveryClass(fold(pass.key, 'bound'));
        const likelihood = pass.decode(z).logProb(repeatBatch(pass.x, classes));
        const gain = sub(add(likelihood, pass.prior.logProb(z)), pass.posterior.logProb(z));
        return neg(sum<Tensor1D>(mul(probabilities, reshape(gain, probabilities.shape)), 0));
      },
    }),
  });
}

/** The kind of `marginalElbo`. */
export const marginalElboKind: Kind<Term> = defineKind('marginal-elbo', termCategory, {}, () =>
  marginalElbo(),
);
