import { concatDiscriminator, denseDiscriminator } from '@elbo/discriminators';
import { gaussianEncoder } from '@elbo/encoders';
import type { Model, Term } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import {
  aae,
  bernoulliDecoder,
  classification,
  deterministicEncoder,
  labelledAdversarialZ,
  mlp,
  standardNormal,
} from '../src/index.js';

const prior = standardNormal(2);
const encoder = deterministicEncoder({ latent: 2 });
const decoder = bernoulliDecoder({ network: mlp({ hidden: [8] }), shape: [4] });
const discriminator = denseDiscriminator({ hidden: [8] });
const parts = { prior, encoder, decoder, discriminator };

// Draws are all that it asks of a posterior.
expectTypeOf(aae(parts)).toEqualTypeOf<Model<'posterior'>>();
aae({ ...parts, encoder: gaussianEncoder({ latent: 2 }), weight: 0.5, classes: 10 });
expectTypeOf(labelledAdversarialZ({ discriminator, classes: 10 })).toEqualTypeOf<
  Term<'posterior'>
>();
expectTypeOf(classification()).toEqualTypeOf<Term<'posterior'>>();

// @ts-expect-error no discriminator
aae({ prior, encoder, decoder });
// @ts-expect-error it judges z, not pairs
aae({ ...parts, discriminator: concatDiscriminator({ hidden: [8] }) });
// @ts-expect-error no prior
aae({ encoder, decoder, discriminator });
// @ts-expect-error a game is a value
aae({ ...parts, game: 'hinge' });
// @ts-expect-error an option that it does not have
aae({ ...parts, contrast: 'plain' });
// @ts-expect-error how many classes is not given
labelledAdversarialZ({ discriminator });
