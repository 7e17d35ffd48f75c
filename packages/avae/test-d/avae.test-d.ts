import { deterministicEncoder } from '@elbo/encoders';
import type { Model, Term } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import {
  avae,
  bernoulliDecoder,
  denseDiscriminator,
  featureMatching,
  featureReconstruction,
  gaussianEncoder,
  mlp,
  standardNormal,
  vaeGan,
} from '../src/index.js';

const prior = standardNormal(2);
const encoder = gaussianEncoder({ latent: 2 });
const decoder = bernoulliDecoder({ network: mlp({ hidden: [8] }), shape: [4] });
const discriminator = denseDiscriminator({ hidden: [8] });
const parts = { prior, encoder, decoder, discriminator };

expectTypeOf(avae(parts)).toEqualTypeOf<Model<'posterior' | 'logProb'>>();
expectTypeOf(vaeGan(parts)).toEqualTypeOf<Model<'posterior' | 'logProb'>>();
// Features of reconstructions need codes; those of samples need none.
declare const critic: Parameters<typeof featureMatching>[0];
expectTypeOf(featureReconstruction(critic)).toEqualTypeOf<Term<'posterior'>>();
expectTypeOf(featureMatching(critic)).toEqualTypeOf<Term<never>>();

// @ts-expect-error its KL needs a density
avae({ ...parts, encoder: deterministicEncoder({ latent: 2 }) });
// @ts-expect-error no discriminator
avae({ prior, encoder, decoder });
// @ts-expect-error a likeness in features is of a discriminator that has some
vaeGan({ ...parts, discriminator: mlp({ hidden: [8] }) });
// @ts-expect-error an option that it does not have
avae({ ...parts, contrast: 'plain' });
// @ts-expect-error no prior
vaeGan({ encoder, decoder, discriminator });
