import type { Network } from '@elbo/core';
import { mlp } from '@elbo/networks';
import type { Decoder } from '@elbo/objectives';
import { describe, expect, it } from 'vitest';
import {
  bernoulliDecoder,
  categoricalDecoder,
  decoderKinds,
  discretisedLogisticDecoder,
  gaussianDecoder,
  sequenceDecoder,
  sliceDecoder,
  tableDecoder,
} from '../src/index.js';

const shape = [3, 2];
const decoders = (network: Network): readonly Decoder[] => [
  bernoulliDecoder({ network, shape }),
  gaussianDecoder({ network, shape }),
  categoricalDecoder({ network, shape }),
  discretisedLogisticDecoder({ network, shape }),
  sequenceDecoder({ network, shape, units: 2 }),
  tableDecoder({ network, columns: [{ type: 'number' }] }),
  sliceDecoder({ decoder: gaussianDecoder({ network, shape }), begin: 0, size: 1 }),
];

describe('every decoder', () => {
  it('couples rows where its network does', () => {
    const network = mlp({ hidden: [3] });
    const coupled = decoders({ ...network, coupling: { least: 2 } });
    expect(coupled.map(({ coupling }) => coupling?.least)).toEqual(coupled.map(() => 2));
    expect(decoders(network).some(({ coupling }) => coupling)).toBe(false);
    const kinds = new Set(coupled.map(({ config }) => config.kind));
    expect(kinds).toEqual(new Set(decoderKinds.map(({ kind }) => kind)));
  });
});
