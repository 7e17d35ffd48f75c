import { tensorAt, type Params } from '@elbo/core';
import { dense, type Initialiser } from '@elbo/networks';
import type { Key } from '@elbo/random';

/** The parameters of a linear map without a bias: `kernel` [inputs, units]. */
export function linearKernel(
  key: Key,
  inputs: number,
  units: number,
  init: Initialiser = 'glorot',
): Params {
  const { params } = dense({ units, init }).init(key, [inputs]);
  tensorAt(params, 'bias').dispose();
  return { kernel: tensorAt(params, 'kernel') };
}
