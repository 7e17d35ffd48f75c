import { defineKind, expectGiven, type Kind } from '@elbo/core';
import type { Params } from '@elbo/core';
import {
  checked,
  dataCritic,
  dataCriticEntries,
  term,
  termCategory,
  type Generated,
  type Term,
} from '@elbo/objectives';
import { fold } from '@elbo/random';
import { mean, mul, square, sub, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { buildFeatureCritic, type FeatureCriticOptions } from './feature_critic.js';

/** The options of a term that measures in the feature space of a game's discriminator. */
export type FeatureTermOptions = FeatureCriticOptions & {
  /** The name of the term that trains the discriminator; `adversarial-x` by default. */
  readonly of?: string;
  /** Names the term's metric. */
  readonly name?: string;
};

/** The parts of a feature term that follow from its options, and features in a pass. */
function featureTerm(options: FeatureTermOptions, kind: string) {
  const { discriminator, of = 'adversarial-x', name = kind } = options;
  const featuresIn =
    (pass: Generated, adversary: Params) =>
    (x: Tensor): Tensor2D =>
      checked(
        discriminator.features(
          adversary,
          { training: pass.training, key: fold(pass.key, name) },
          x,
        ),
        [x.shape[0], undefined],
        `The term '${name}': the features of its discriminator`,
      );
  return {
    shared: {
      config: { kind, ...dataCritic(options, kind).config, of, name },
      name,
      role: 'regulariser',
      adversaryOf: of,
      onData: true,
    },
    featuresIn,
  } as const;
}

/**
 * ½ ‖φ(x) − φ(x̂)‖², `[B]`, with the features φ that a game's discriminator has of x and of its reconstruction x̂, the mean
 * of p(x|z) at z ~ q(z|x): minus the log-likelihood of a normal on features, less a constant (Larsen et al. 2016, eq. 7).
 * It trains encoder and decoder; the discriminator is the game's, which alone trains it.
 *
 * It is no likelihood of x: φ forgets part of x and changes as it is trained. So it is a regulariser, and a model with it
 * in place of a reconstruction has no ELBO.
 */
export function featureReconstruction(options: FeatureTermOptions): Term<'posterior'> {
  expectGiven('featureReconstruction', options, 'discriminator');
  const { shared, featuresIn } = featureTerm(options, 'feature-reconstruction');
  return term({
    ...shared,
    needs: ['posterior'],
    evaluate: (pass, adversary) => ({
      cost: () => {
        const features = featuresIn(pass, adversary);
        const gap = sub(features(pass.x), features(pass.likelihood.mean()));
        return mul(0.5, sum(square(gap), 1));
      },
    }),
  });
}

/**
 * ½ ‖E φ(x) − E φ(G(z))‖², a scalar, with z from the prior and means over the minibatch: a steadier goal for the decoder
 * than the game's own cost (Salimans et al. 2016, §3.1; Bao et al. 2017, eq. 5). It trains the decoder only.
 */
export function featureMatching(options: FeatureTermOptions): Term<never> {
  expectGiven('featureMatching', options, 'discriminator');
  const { shared, featuresIn } = featureTerm(options, 'feature-matching');
  return term({
    ...shared,
    needs: [],
    updates: ['decoder'],
    // Its means over the minibatch are inside the square.
    coupling: { least: 1 },
    evaluate: (pass, adversary) => ({
      cost: () => {
        const features = featuresIn(pass, adversary);
        const gap = sub(mean(features(pass.x), 0), mean(features(pass.generated.mean()), 0));
        return mul(0.5, sum(square(gap)));
      },
    }),
  });
}

const entries = {
  ...dataCriticEntries,
  of: v.exactOptional(v.string()),
  name: v.exactOptional(v.string()),
};

/** The kinds of terms in feature space. */
export const featureTermKinds: readonly Kind<Term>[] = (
  [
    ['feature-reconstruction', featureReconstruction],
    ['feature-matching', featureMatching],
  ] as const
).map(([kind, make]) =>
  defineKind(kind, termCategory, entries, ({ of, name, ...critic }, registry) =>
    make({
      ...buildFeatureCritic(critic, registry),
      ...(of !== undefined && { of }),
      ...(name !== undefined && { name }),
    }),
  ),
);
