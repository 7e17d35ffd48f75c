import { linear } from '@elbo/core';
import { anchoredEncoder, deterministicEncoder, flowEncoder, mixtureEncoder } from '@elbo/encoders';
import type { Model } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import { bernoulliDecoder, gaussianEncoder, mlp, standardNormal, vae } from '../src/index.js';

const prior = standardNormal(2);
const encoder = gaussianEncoder({ latent: 2 });
const decoder = bernoulliDecoder({ network: mlp({ hidden: [8] }), shape: [4] });
const parts = { prior, encoder, decoder };

// Its posterior has a density, whatever else the encoder offers.
expectTypeOf(vae(parts)).toEqualTypeOf<Model<'posterior' | 'logProb'>>();
vae({ ...parts, beta: linear({ steps: 100 }), freeBits: { nats: 1 }, totalCorrelation: 3 });
vae({ ...parts, encoder: flowEncoder({ latent: 2, flow: 'planar', steps: 2 }) });
vae({ ...parts, encoder: mixtureEncoder({ classes: 2, continuous: 1 }) });

// @ts-expect-error a point has no density
vae({ ...parts, encoder: deterministicEncoder({ latent: 2 }) });
// @ts-expect-error nor has an implicit posterior: that is what avb is for
vae({ ...parts, encoder: anchoredEncoder({ latent: 2, noise: 2, hidden: [4] }) });
// @ts-expect-error no prior
vae({ encoder, decoder });
// @ts-expect-error no encoder
vae({ prior, decoder });
// @ts-expect-error a decoder is no encoder
vae({ ...parts, encoder: decoder });
// @ts-expect-error a network is no decoder
vae({ ...parts, decoder: mlp({ hidden: [8] }) });
// @ts-expect-error an option that it does not have
vae({ ...parts, weight: 2 });
// @ts-expect-error β is a number or a schedule
vae({ ...parts, beta: (step: number) => step });
// @ts-expect-error free bits have options
vae({ ...parts, freeBits: 1 });
