export * from './wvae.js';
export * from './cost.js';
export * from './transport_cost.js';
export type { AggregateOptions } from './aggregate.js';
export * from './mmd.js';
export * from './sinkhorn.js';
export * from './dual_critic.js';
export * from './registry.js';
export * from './recipe.js';

// What it takes to define and train one.
export { standardNormal } from '@elbo/core';
export { strokes } from '@elbo/datasets';
export { bernoulliDecoder } from '@elbo/decoders';
export { deterministicEncoder } from '@elbo/encoders';
export { mlp } from '@elbo/networks';
export { adversarialZ, mmd2, sinkhornDivergence } from '@elbo/objectives';
export { adam } from '@elbo/optimisers';
export { key } from '@elbo/random';
export { train } from '@elbo/training';
