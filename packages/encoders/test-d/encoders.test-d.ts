import { mlp } from '@elbo/networks';
import type { Encoder, Offering } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import {
  anchoredEncoder,
  basisEncoder,
  deterministicEncoder,
  flowEncoder,
  gaussianEncoder,
  implicitEncoder,
  mixtureEncoder,
  structuredEncoder,
} from '../src/index.js';

const network = mlp({ hidden: [64] });
const noisy = { network, latent: 2, noise: 4, hidden: [16] };

// What each offers: terms are checked against it.
expectTypeOf(gaussianEncoder({ network, latent: 2 })).toEqualTypeOf<
  Encoder<'posterior' | 'logProb' | 'moments'>
>();
expectTypeOf(flowEncoder({ latent: 2, flow: 'planar', steps: 3 })).toEqualTypeOf<
  Encoder<'posterior' | 'logProb'>
>();
expectTypeOf(anchoredEncoder(noisy)).toEqualTypeOf<Encoder<'posterior' | 'moments'>>();
expectTypeOf(implicitEncoder(noisy)).toEqualTypeOf<Encoder<'posterior' | 'moments'>>();
expectTypeOf(basisEncoder({ ...noisy, basis: 8 })).toEqualTypeOf<
  Encoder<'posterior' | 'moments'>
>();
expectTypeOf(deterministicEncoder({ latent: 2 })).toEqualTypeOf<Encoder<'posterior'>>();
expectTypeOf(mixtureEncoder({ classes: 3, continuous: 2 })).toEqualTypeOf<
  Encoder<'posterior' | 'logProb' | 'classes'>
>();
expectTypeOf(
  structuredEncoder({
    parts: { y: { kind: 'softmax', size: 10 }, s: { kind: 'normal', size: 2 } },
  }),
).toEqualTypeOf<Encoder<'posterior'>>();

// So the KL in closed form goes with densities only.
declare function withDensity(encoder: Offering<'posterior' | 'logProb'>): void;
withDensity(gaussianEncoder({ latent: 2 }));
// @ts-expect-error a point has no density
withDensity(deterministicEncoder({ latent: 2 }));
// @ts-expect-error nor has z = f(x, ε)
withDensity(anchoredEncoder(noisy));
