import { linear, type Config, type Network } from '@elbo/core';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { expectTypeOf } from 'vitest';
import {
  adversarialX,
  adversarialZ,
  freeBits,
  kl,
  klPart,
  learnedGaussianMixture,
  mmd2,
  reconstruction,
  term,
  vampPrior,
  weight,
  type Game,
  type LearnedPrior,
  type Pass,
  type PosteriorOf,
  type Term,
} from '../src/index.js';

declare const config: Config;
declare const cost: Tensor1D;
declare const critic: Network;
declare const game: Game;
declare const codes: Tensor2D;

// What a term asks of a posterior.
expectTypeOf(reconstruction()).toEqualTypeOf<Term<'posterior'>>();
expectTypeOf(kl()).toEqualTypeOf<Term<'posterior' | 'logProb'>>();
expectTypeOf(freeBits({ nats: 0.5 })).toEqualTypeOf<Term<'posterior' | 'logProb'>>();
expectTypeOf(adversarialZ({ discriminator: critic })).toEqualTypeOf<Term<'posterior'>>();
expectTypeOf(weight(kl(), linear({ steps: 10 }))).toEqualTypeOf<Term<'posterior' | 'logProb'>>();
// The opponents of the data decide whether there has to be an encoder.
expectTypeOf(adversarialX({ discriminator: critic, against: 'samples' })).toEqualTypeOf<
  Term<never>
>();
expectTypeOf(adversarialX({ discriminator: critic, against: 'both' })).toEqualTypeOf<
  Term<'posterior'>
>();

// `evaluate` sees a pass of what the term needs, and of nothing else.
const definition = {
  config,
  name: 'mine',
  role: 'regulariser',
  evaluate: () => ({ cost: () => cost }),
} as const;
expectTypeOf(term({ ...definition, needs: [] })).toEqualTypeOf<Term<never>>();
term({
  ...definition,
  needs: ['posterior', 'logProb'],
  evaluate: (pass) => {
    expectTypeOf(pass).toEqualTypeOf<Pass<'posterior' | 'logProb'>>();
    expectTypeOf(pass.posterior.logProb(pass.z)).toEqualTypeOf<Tensor1D>();
    // @ts-expect-error moments were not asked for
    void pass.posterior.mean;
    return { cost: () => cost };
  },
});
// @ts-expect-error there is no such ability
term({ ...definition, needs: ['density'] });
// @ts-expect-error there is no such role
term({ ...definition, needs: [], role: 'penalty' });
// @ts-expect-error a cost is computed when it is asked for
term({ ...definition, needs: [], evaluate: () => ({ cost }) });
// @ts-expect-error without a posterior there is no z
term({ ...definition, needs: [], evaluate: (pass) => ({ cost: () => pass.z }) });

// A posterior has what is asked for.
expectTypeOf<PosteriorOf<'moments'>['mean']>().toEqualTypeOf<Tensor2D>();
expectTypeOf<PosteriorOf<'classes'>['probabilities']>().toEqualTypeOf<Tensor2D>();
expectTypeOf<PosteriorOf<'posterior'>>().not.toHaveProperty('logProb');
expectTypeOf<Pass<never>>().not.toHaveProperty('z');
expectTypeOf<Pass<'posterior'>['z']>().toEqualTypeOf<Tensor2D>();

// Options by their names.
kl({ estimator: 'sample' });
// @ts-expect-error there is no such estimator
kl({ estimator: 'monte-carlo' });
// @ts-expect-error there is no such option
freeBits({ bits: 1 });
// @ts-expect-error it needs a discriminator
adversarialZ({});
// @ts-expect-error there is no such part of the KL
klPart({ part: 'entropy' });
// @ts-expect-error a factor is a number or a schedule, not a function
weight(kl(), (step: number) => step);
// @ts-expect-error a weight is of a term
weight(critic, 2);

expectTypeOf(learnedGaussianMixture({ dim: 2, components: 3 })).toEqualTypeOf<LearnedPrior>();
// @ts-expect-error whether data are in [0, 1] is not given
vampPrior({ dim: 2, components: 4 });
// @ts-expect-error there is no such kernel
mmd2(codes, codes, { kernel: 'linear' });
expectTypeOf(game.config).toEqualTypeOf<Config>();
expectTypeOf<Parameters<Network['apply']>[2]>().toEqualTypeOf<Tensor>();
