import { denseDiscriminator } from '@elbo/discriminators';
import { deterministicEncoder, gaussianEncoder } from '@elbo/encoders';
import type { Model, Term } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import {
  adaptiveContrastKl,
  adversarialKl,
  anchoredEncoder,
  avb,
  bernoulliDecoder,
  innerProductDiscriminator,
  mlp,
  standardNormal,
} from '../src/index.js';

const network = mlp({ hidden: [8] });
const prior = standardNormal(2);
const encoder = anchoredEncoder({ latent: 2, noise: 2, hidden: [4] });
const decoder = bernoulliDecoder({ network, shape: [4] });
const discriminator = innerProductDiscriminator({ x: network, z: network, features: 4 });
const parts = { prior, encoder, decoder, discriminator };

expectTypeOf(avb(parts)).toEqualTypeOf<Model<'posterior' | 'moments'>>();
avb({ ...parts, contrast: 'adaptive', encoder: gaussianEncoder({ latent: 2 }) });
// Adaptive contrast stands on moments; the plain estimate needs draws only.
expectTypeOf(adaptiveContrastKl({ discriminator })).toEqualTypeOf<Term<'posterior' | 'moments'>>();
expectTypeOf(adversarialKl({ discriminator })).toEqualTypeOf<Term<'posterior'>>();

// @ts-expect-error a point has no moments
avb({ ...parts, encoder: deterministicEncoder({ latent: 2 }) });
// @ts-expect-error no discriminator
avb({ prior, encoder, decoder });
// @ts-expect-error a discriminator of z alone is not T(x, z)
avb({ ...parts, discriminator: denseDiscriminator({ hidden: [8] }) });
// @ts-expect-error there is no such contrast
avb({ ...parts, contrast: 'adaptive-contrast' });
// @ts-expect-error an option that it does not have
avb({ ...parts, beta: 2 });
// @ts-expect-error no prior
avb({ encoder, decoder, discriminator });
