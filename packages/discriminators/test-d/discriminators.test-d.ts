import type { Network } from '@elbo/core';
import { mlp } from '@elbo/networks';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expectTypeOf } from 'vitest';
import {
  concatDiscriminator,
  convDiscriminator,
  denseDiscriminator,
  discriminator,
  innerProductDiscriminator,
  minibatchDeviation,
  projectionDiscriminator,
  spectralNorm,
  type Discriminator,
  type PairNetwork,
} from '../src/index.js';

// Of x or z: a network. Of a pair (x, z): a network of two inputs.
expectTypeOf(denseDiscriminator({ hidden: [64] })).toEqualTypeOf<Discriminator>();
expectTypeOf<Discriminator>().toExtend<Network>();
expectTypeOf(convDiscriminator()).toEqualTypeOf<Discriminator>();
expectTypeOf(concatDiscriminator({ hidden: [64] })).toEqualTypeOf<PairNetwork>();
expectTypeOf<PairNetwork>().toExtend<Network<[Tensor, Tensor]>>();
expectTypeOf<PairNetwork>().not.toExtend<Network>();
expectTypeOf(minibatchDeviation()).toExtend<Network>();
// A norm leaves a network what it is.
expectTypeOf(spectralNorm(denseDiscriminator({ hidden: [64] }))).toExtend<Network>();
expectTypeOf(spectralNorm(concatDiscriminator({ hidden: [64] }))).toExtend<PairNetwork>();

// @ts-expect-error sizes of layers are a list
denseDiscriminator({ hidden: 64 });
// @ts-expect-error no layers
concatDiscriminator({});
// @ts-expect-error it is made around a network
discriminator({ network: [64] });
// @ts-expect-error features of a pair are none of x
discriminator({ network: concatDiscriminator({ hidden: [64] }) });
// @ts-expect-error a projection has features to project on
projectionDiscriminator({ hidden: [64] });
// @ts-expect-error an option that it does not have
innerProductDiscriminator({ dense: [64] });
// @ts-expect-error a norm is of a network
spectralNorm(mlp);
