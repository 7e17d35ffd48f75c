import type { Network } from '@elbo/core';
import { mlp } from '@elbo/networks';
import type { AnyEncoder } from '@elbo/objectives';
import { describe, expect, it } from 'vitest';
import {
  anchoredEncoder,
  basisEncoder,
  deterministicEncoder,
  encoderKinds,
  flowEncoder,
  gaussianEncoder,
  implicitEncoder,
  mixtureEncoder,
  structuredEncoder,
} from '../src/index.js';

const latent = 2;
const encoders = (network: Network): readonly AnyEncoder[] => [
  gaussianEncoder({ network, latent }),
  implicitEncoder({ network, latent, noise: 1, hidden: [2] }),
  basisEncoder({ network, latent, noise: 1, hidden: [2], basis: 2 }),
  anchoredEncoder({ network, latent, noise: 1, hidden: [2] }),
  flowEncoder({ network, latent, flow: 'planar', steps: 1 }),
  deterministicEncoder({ network, latent }),
  mixtureEncoder({ network, classes: 2, continuous: 1 }),
  structuredEncoder({ network, parts: { style: { kind: 'point', size: 2 } } }),
];

describe('every encoder', () => {
  it('couples rows where its network does', () => {
    const network = mlp({ hidden: [3] });
    const coupled = encoders({ ...network, coupling: { least: 2 } });
    expect(coupled.map(({ coupling }) => coupling?.least)).toEqual(coupled.map(() => 2));
    expect(encoders(network).some(({ coupling }) => coupling)).toBe(false);
    const kinds = new Set(coupled.map(({ config }) => config.kind));
    expect(kinds).toEqual(new Set(encoderKinds.map(({ kind }) => kind)));
  });
});
