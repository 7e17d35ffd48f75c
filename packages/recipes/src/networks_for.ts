import { ConfigError, formatShape, type Network } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import { decoderFor, sequenceDecoder, type NetworkMaking } from '@elbo/decoders';
import {
  convTrunk,
  deconvTrunk,
  gru,
  mlp,
  residual,
  sequential,
  type Activation,
} from '@elbo/networks';
import type { Decoder } from '@elbo/objectives';
import { chosenNetwork, isImage, smallest, type NetworkName } from './network_names.js';

/** Which networks, and how large. */
export interface NetworkChoice {
  readonly network?: NetworkName | undefined;
  /** From the data inwards: the units of dense layers, or the channels of the stages that each halve an image. */
  readonly hidden?: readonly number[] | undefined;
  /** The units of dense layers where nothing else is asked for; two layers of 300 by default. */
  readonly usual?: readonly number[];
  /** `relu` by default. */
  readonly activation?: Activation;
}

/**
 * A choice for models that play a game on images: two dense layers of 256 where nothing else is asked for, and leaky relu, which
 * passes a gradient on everywhere (Radford et al. 2016, §3).
 */
export function inGames({
  network,
  hidden,
}: NetworkChoice): NetworkChoice & Required<Pick<NetworkChoice, 'usual' | 'activation'>> {
  return { network, hidden, usual: [256, 256], activation: 'leakyRelu' };
}

/** A network from the data inwards. */
export interface Inwards {
  readonly network: Network;
  /** How many features it makes. */
  readonly features: number;
}

/** The networks of a model by name. */
export interface NetworksFor {
  /** The encoder's trunk. */
  readonly trunk: Network;
  /** How many features it makes. */
  readonly features: number;
  readonly decoder: Decoder;
}

/**
 * The usual networks for data, so that a recipe need not tell kinds of data apart: `inwards` and `outwards`; for sequences a GRU of
 * the first size on each side, with dense layers of the other sizes between it and z.
 *
 * @throws ConfigError for networks that the data cannot have.
 */
export function networksFor(data: DataTraits, choice: NetworkChoice = {}): NetworksFor {
  if (data.sequence === true) return recurrent(data, choice);
  const { network: trunk, features } = inwards(data, choice);
  return { trunk, features, decoder: decoderFor({ ...data, network: outwards(data, choice) }) };
}

/**
 * A network from rows to features: dense layers; for images stages of convolutions that halve them, and a dense layer; or residual
 * blocks of either.
 *
 * @throws ConfigError for networks that the data cannot have.
 */
export function inwards(data: DataTraits, choice: NetworkChoice): Inwards {
  const network = chosenNetwork(data, choice);
  const { activation = 'relu' } = choice;
  if (network === 'conv' || (network === 'residual' && isImage(data.shape))) {
    const filters = stagesFor(data, network, choice);
    const units = featuresOf(filters);
    const blocks = network === 'residual' ? 1 : 0;
    return { network: convTrunk({ filters, units, blocks, activation }), features: units };
  }
  const hidden = denseFor(data, network, choice);
  const features = hidden.at(-1) ?? 0;
  return network === 'residual'
    ? { network: residual({ width: features, blocks: hidden.length, activation }), features }
    : { network: mlp({ hidden, activation }), features };
}

/**
 * The mirror of `inwards`: what a likelihood's own layer reads, or of images its numbers.
 *
 * @throws ConfigError for networks that the data cannot have.
 */
export function outwards(data: DataTraits, choice: NetworkChoice): NetworkMaking {
  const network = chosenNetwork(data, choice);
  const { activation = 'relu' } = choice;
  if (network === 'conv' || (network === 'residual' && isImage(data.shape))) {
    const filters = stagesFor(data, network, choice).toReversed();
    const blocks = network === 'residual' ? 1 : 0;
    return ([height, width, channels]) =>
      deconvTrunk({ shape: [height!, width!, channels!], filters, blocks, activation });
  }
  const hidden = denseFor(data, network, choice).toReversed();
  return network === 'residual'
    ? residual({ width: hidden[0]!, blocks: hidden.length, activation })
    : mlp({ hidden, activation });
}

/** The channels of the last stage. */
const innermost = 64;

/** The units between the last stage and z. */
const featuresOf = (filters: readonly number[]): number => 4 * filters.at(-1)!;

/**
 * The channels of each stage, by default so many that the smaller side comes down to 8 pixels: 32, 64 of 28 × 28, and 16, 32, 64 of 64 × 64.
 * Twice as many at each, so that none costs much more than another.
 */
function stagesFor(
  { shape }: DataTraits,
  network: NetworkName,
  { hidden }: NetworkChoice,
): readonly number[] {
  if (!isImage(shape))
    throw new ConfigError(
      `network '${network}' is for images of ${smallest} pixels a side and more, [height, width, channels], and these rows have the shape ${formatShape(shape)}: leave it out, or say mlp.`,
    );
  if (hidden) {
    if (hidden.length > 0) return hidden;
    throw new ConfigError(
      `network '${network}' takes one number of channels in 'hidden' at least.`,
    );
  }
  const side = Math.min(shape[0]!, shape[1]!);
  const stages = Math.max(1, Math.ceil(Math.log2(side / 8)));
  return Array.from({ length: stages }, (_, stage) =>
    Math.max(8, innermost / 2 ** (stages - 1 - stage)),
  );
}

function denseFor(
  { sequence }: DataTraits,
  network: NetworkName,
  { hidden, usual = [300, 300] }: NetworkChoice,
): readonly number[] {
  const sizes = hidden ?? usual;
  if (network === 'residual' && !(sizes.length > 0 && sizes.every((size) => size === sizes[0])))
    throw new ConfigError(
      `network 'residual' takes equal sizes in 'hidden', one for each block, not [${sizes.join(', ')}].`,
    );
  if (sequence === true && network !== 'mlp') throw ofSequences(network);
  return sizes;
}

function ofSequences(network: NetworkName): ConfigError {
  return new ConfigError(
    `network '${network}': rows that are sequences have a GRU, of the first size in 'hidden': leave 'network' out.`,
  );
}

function recurrent({ shape }: DataTraits, { network, hidden = [128] }: NetworkChoice): NetworksFor {
  if (network !== undefined) throw ofSequences(network);
  const [units = 0, ...rest] = hidden;
  const between = rest.length > 0;
  return {
    trunk: between ? sequential([gru({ units }), mlp({ hidden: rest })]) : gru({ units }),
    features: hidden.at(-1)!,
    decoder: sequenceDecoder({
      ...(between && { network: mlp({ hidden: rest.toReversed() }) }),
      shape,
      units,
      wordDropout: 0.3,
    }),
  };
}
