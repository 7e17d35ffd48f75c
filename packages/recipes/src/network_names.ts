import { sizeOf, type Shape } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import * as v from 'valibot';
import { layers, someLayers } from './options.js';

const names = ['mlp', 'conv', 'residual'] as const;

/** What the networks of a model by name may be. */
export type NetworkName = (typeof names)[number];

/** How the option `network` is checked; without it the data say. */
const someNetwork: v.GenericSchema<NetworkName> = v.picklist(names);

/** How the options `network` and `hidden` are checked. */
interface NetworkEntries {
  readonly network: v.ExactOptionalSchema<typeof someNetwork, undefined>;
  readonly hidden: v.ExactOptionalSchema<typeof layers, undefined>;
}

/** How the options `network` and `hidden` are checked. */
export const networkEntries: NetworkEntries = {
  network: v.exactOptional(someNetwork),
  hidden: v.exactOptional(layers),
};

/** The same of a model that learns sequences too, where `hidden` begins with the size of a GRU. */
export const sequenceEntries: NetworkEntries = {
  ...networkEntries,
  hidden: v.exactOptional(someLayers),
};

/** What the options `network` and `hidden` mean, as every recipe tells it. */
export const aboutNetworks = {
  network: 'mlp, conv (of images) or residual; by default what suits the data',
  hidden:
    'sizes of hidden layers from the data inwards: units, channels of conv, of sequences first of the GRU; by default as the network needs',
} as const;

/** Fewer pixels a side are no image to halve. */
export const smallest = 4;

/** Whether rows are images that can be halved. */
export const isImage = (shape: Shape): boolean =>
  shape.length === 3 && Math.min(shape[0]!, shape[1]!) >= smallest;

/** The network that is asked for, or that suits the data. Sizes alone are those of dense layers. */
export function chosenNetwork(
  data: DataTraits,
  { network, hidden }: { readonly network?: NetworkName | undefined; readonly hidden?: unknown },
): NetworkName {
  return network ?? (hidden === undefined ? usualNetwork(data) : 'mlp');
}

/** Images of so many values are convolved: 64 × 64 grey pixels, 37 × 37 in colour. */
const many = 64 ** 2;

/**
 * The network of data where nothing is asked for: what has the better ELBO of held-out images after the same time of a core
 * (`npm run example -- networks`). Of 28 × 28 bits that is a dense net, of 64 × 64 pixels in colour a convolutional one; the border
 * between them was not measured.
 */
function usualNetwork({ shape }: DataTraits): NetworkName {
  return isImage(shape) && sizeOf(shape) >= many ? 'conv' : 'mlp';
}
