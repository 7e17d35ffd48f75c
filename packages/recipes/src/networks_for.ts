import type { Network } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import { decoderFor, sequenceDecoder } from '@elbo/decoders';
import { gru, mlp, sequential } from '@elbo/networks';
import type { Decoder } from '@elbo/objectives';

/** The networks of a model by name. */
export interface NetworksFor {
  /** The encoder's trunk. */
  readonly trunk: Network;
  /** How many features it makes. */
  readonly features: number;
  readonly decoder: Decoder;
}

/**
 * The usual networks for data, so that a recipe need not tell kinds of data apart: dense layers of the sizes `hidden`,
 * mirrored in the decoder; for sequences a GRU of the first size on each side, with dense layers of the other sizes
 * between it and z.
 *
 * @param hidden two layers of 300 by default; for sequences a GRU of 128.
 */
export function networksFor(data: DataTraits, hidden?: readonly number[]): NetworksFor {
  return data.sequence === true
    ? recurrent(data, hidden ?? [128])
    : dense(data, hidden ?? [300, 300]);
}

function dense(data: DataTraits, hidden: readonly number[]): NetworksFor {
  return {
    trunk: mlp({ hidden }),
    features: hidden.at(-1)!,
    decoder: decoderFor({ ...data, network: mlp({ hidden: hidden.toReversed() }) }),
  };
}

function recurrent({ shape }: DataTraits, hidden: readonly number[]): NetworksFor {
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
