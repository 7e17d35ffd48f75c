import { deterministicEncoder } from '@elbo/encoders';
import type { Model, Term } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import {
  bernoulliDecoder,
  gaussianEncoder,
  iwae,
  iwaeBound,
  mlp,
  standardNormal,
} from '../src/index.js';

const prior = standardNormal(2);
const encoder = gaussianEncoder({ latent: 2 });
const decoder = bernoulliDecoder({ network: mlp({ hidden: [8] }), shape: [4] });
const parts = { prior, encoder, decoder, samples: 5 };

expectTypeOf(iwae(parts)).toEqualTypeOf<Model<'posterior' | 'logProb'>>();
expectTypeOf(iwaeBound({ samples: 5, gradient: 'dreg' })).toEqualTypeOf<
  Term<'posterior' | 'logProb'>
>();

// @ts-expect-error how many samples is not given
iwae({ prior, encoder, decoder });
// @ts-expect-error weights need a density
iwae({ ...parts, encoder: deterministicEncoder({ latent: 2 }) });
// @ts-expect-error there is no such gradient
iwae({ ...parts, gradient: 'reinforce' });
// @ts-expect-error an option that it does not have
iwae({ ...parts, beta: 2 });
// @ts-expect-error no prior
iwae({ encoder, decoder, samples: 5 });
