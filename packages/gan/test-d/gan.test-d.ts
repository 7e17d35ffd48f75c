import type { Model, Term } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import {
  adversarialPair,
  bernoulliDecoder,
  bigan,
  concatDiscriminator,
  denseDiscriminator,
  gan,
  gaussianEncoder,
  hinge,
  mlp,
  r1,
  standardNormal,
} from '../src/index.js';

const prior = standardNormal(2);
const encoder = gaussianEncoder({ latent: 2 });
const decoder = bernoulliDecoder({ network: mlp({ hidden: [8] }), shape: [4] });
const critic = denseDiscriminator({ hidden: [8] });
const pair = concatDiscriminator({ hidden: [8] });

// A GAN has no posterior; a BiGAN has one that it draws from.
expectTypeOf(gan({ prior, decoder, discriminator: critic })).toEqualTypeOf<Model<never>>();
expectTypeOf(bigan({ prior, encoder, decoder, discriminator: pair })).toEqualTypeOf<
  Model<'posterior'>
>();
expectTypeOf(adversarialPair({ discriminator: pair })).toEqualTypeOf<Term<'posterior'>>();
gan({ prior, decoder, discriminator: critic, game: hinge(), penalties: [r1({ weight: 1 })] });

// @ts-expect-error it has no encoder
gan({ prior, encoder, decoder, discriminator: critic });
// @ts-expect-error a BiGAN has
bigan({ prior, decoder, discriminator: pair });
// @ts-expect-error which judges pairs, not x alone
bigan({ prior, encoder, decoder, discriminator: critic });
// @ts-expect-error a GAN judges x alone, not pairs
gan({ prior, decoder, discriminator: pair });
// @ts-expect-error a game is a value
gan({ prior, decoder, discriminator: critic, game: 'hinge' });
// @ts-expect-error a penalty is no game
gan({ prior, decoder, discriminator: critic, game: r1({ weight: 1 }) });
// @ts-expect-error no prior
gan({ decoder, discriminator: critic });
