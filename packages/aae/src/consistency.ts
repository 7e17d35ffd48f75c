import { defineKind, expectGiven, sliceOf, type Kind } from '@elbo/core';
import { term, termCategory, type Term } from '@elbo/objectives';
import { fold } from '@elbo/random';
import { square, sub, sum, type Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';

/** The options of `consistency`. */
export interface ConsistencyOptions {
  /** The named part of z that is compared; 'y' by default. */
  readonly part?: string;
  /** Names the term's metrics; 'consistency' by default. */
  readonly name?: string;
}

/**
 * ‖y − y′‖², `[B]`: how far apart a part of z lies in two passes of the encoder over the same rows, each with its own
 * noise (Laine & Aila 2017, the Π-model). It asks of every row, labelled or not, that noise, such as `randomShift` or
 * `gaussianNoise` in the encoder's network, changes no class; of an encoder without noise it is 0, as it is outside
 * training.
 *
 * @throws ConfigError in use for a part that the prior does not have.
 */
export function consistency(options: ConsistencyOptions = {}): Term<'posterior'> {
  expectGiven('consistency', options);
  const { part = 'y', name = 'consistency' } = options;
  return term({
    config: { kind: 'consistency', part, name },
    name,
    role: 'regulariser',
    needs: ['posterior'],
    evaluate: (pass) => ({
      cost: () => {
        const of = (z: Tensor2D): Tensor2D => sliceOf(pass.prior, z, part);
        const again = pass.posteriorAgain(name).sample(fold(pass.key, name));
        return sum(square(sub(of(pass.z), of(again))), 1);
      },
    }),
  });
}

/** The kind of `consistency`. */
export const consistencyKind: Kind<Term> = defineKind(
  'consistency',
  termCategory,
  { part: v.exactOptional(v.string()), name: v.exactOptional(v.string()) },
  consistency,
);
