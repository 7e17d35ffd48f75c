import { kl, type Model, type Term } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import {
  absolute,
  adversarialZ,
  bernoulliDecoder,
  deterministicEncoder,
  dualCritic,
  mlp,
  mmd,
  sinkhorn,
  standardNormal,
  transportCost,
  wvae,
  type Cost,
} from '../src/index.js';

const prior = standardNormal(2);
const encoder = deterministicEncoder({ latent: 2 });
const decoder = bernoulliDecoder({ network: mlp({ hidden: [8] }), shape: [4] });
const parts = { prior, encoder, decoder };
const network = mlp({ hidden: [8] });

expectTypeOf(wvae(parts)).toEqualTypeOf<Model<'posterior'>>();
expectTypeOf(absolute()).toEqualTypeOf<Cost>();
for (const divergence of [mmd(), sinkhorn(), adversarialZ({ discriminator: network })]) {
  expectTypeOf(divergence).toEqualTypeOf<Term<'posterior'>>();
  wvae({ ...parts, cost: absolute(), divergence, weight: 10 });
}
expectTypeOf(dualCritic).returns.toEqualTypeOf<Term<'posterior'>>();

// @ts-expect-error a divergence of the aggregate needs no density, and kl does
wvae({ ...parts, divergence: kl() });
// @ts-expect-error a cost is a value
wvae({ ...parts, cost: 'absolute' });
// @ts-expect-error a term is no cost
wvae({ ...parts, cost: transportCost() });
// @ts-expect-error there is no such kernel
mmd({ kernel: 'linear' });
// @ts-expect-error an option that it does not have
wvae({ ...parts, beta: 2 });
// @ts-expect-error no prior
wvae({ encoder, decoder });
// @ts-expect-error no critic
dualCritic({});
