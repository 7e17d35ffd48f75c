import {
  defineKind,
  nested,
  networkCategory,
  pairNetworkCategory,
  positive,
  type Kind,
  type Network,
} from '@elbo/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { activation as activationLayer } from './activation.js';
import { activationEntry as activation, activationName } from './activation_entry.js';
import { conv } from './conv.js';
import { convTranspose } from './conv_transpose.js';
import { dense } from './dense.js';
import { embedding } from './embedding.js';
import { gaussianNoise } from './gaussian_noise.js';
import { gru } from './gru.js';
import { initialiserEntry as init } from './initialiser_entry.js';
import { joined } from './joined.js';
import { mlp } from './mlp.js';
import { groupNorm, instanceNorm, layerNorm } from './norms.js';
import { pairwiseProducts } from './pairwise_products.js';
import { randomShift } from './random_shift.js';
import { flatten, reshape } from './reshape.js';
import { residual } from './residual.js';
import { sequential } from './sequential.js';
import { skip } from './skip.js';
import { upsample } from './upsample.js';

const count = v.number();
const epsilon = v.exactOptional(positive);

const convolution = {
  filters: count,
  kernel: count,
  stride: v.exactOptional(count),
  activation,
  padding: v.exactOptional(v.picklist(['same', 'valid'])),
  init,
};

/** The kinds of networks of one input. */
export const networkKinds: readonly Kind<Network>[] = [
  defineKind('dense', networkCategory, { units: count, activation, init }, dense),
  defineKind(
    'mlp',
    networkCategory,
    {
      hidden: v.array(count),
      output: v.exactOptional(count),
      activation,
      init,
      zeroOutput: v.exactOptional(v.boolean()),
    },
    mlp,
  ),
  defineKind('sequential', networkCategory, { layers: v.array(nested) }, ({ layers }, registry) =>
    sequential(layers.map((layer) => registry.build(networkCategory, layer))),
  ),
  defineKind(
    'residual',
    networkCategory,
    {
      width: count,
      blocks: count,
      layers: v.exactOptional(v.picklist([1, 2])),
      activation,
      init,
      output: v.exactOptional(count),
      zeroInit: v.exactOptional(v.boolean()),
    },
    residual,
  ),
  defineKind('conv', networkCategory, convolution, conv),
  defineKind(
    'conv-transpose',
    networkCategory,
    { ...convolution, size: v.exactOptional(v.tuple([count, count])) },
    convTranspose,
  ),
  defineKind('skip', networkCategory, { network: nested }, ({ network }, registry) =>
    skip(registry.build(networkCategory, network)),
  ),
  defineKind(
    'gru',
    networkCategory,
    { units: count, states: v.exactOptional(v.picklist(['last', 'all'])) },
    gru,
  ),
  defineKind(
    'embedding',
    networkCategory,
    { units: count, symbols: v.exactOptional(count) },
    embedding,
  ),
  defineKind('flatten', networkCategory, {}, flatten),
  defineKind('reshape', networkCategory, { shape: v.array(count) }, ({ shape }) => reshape(shape)),
  defineKind('pairwise-products', networkCategory, {}, pairwiseProducts),
  defineKind('upsample', networkCategory, { factor: count }, upsample),
  defineKind('activation', networkCategory, { activation: activationName }, (options) =>
    activationLayer(options.activation),
  ),
  defineKind('gaussian-noise', networkCategory, { sd: v.number() }, gaussianNoise),
  defineKind('random-shift', networkCategory, { by: v.number() }, randomShift),
  defineKind('layer-norm', networkCategory, { epsilon }, layerNorm),
  defineKind('group-norm', networkCategory, { groups: count, epsilon }, groupNorm),
  defineKind('instance-norm', networkCategory, { epsilon }, instanceNorm),
];

/** The kinds of networks of a pair (x, z). */
export const pairNetworkKinds: readonly Kind<Network<[Tensor, Tensor]>>[] = [
  defineKind('joined', pairNetworkCategory, { network: nested }, ({ network }, registry) =>
    joined(registry.build(networkCategory, network)),
  ),
];
