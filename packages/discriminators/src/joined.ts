import { couplingOf, initPart, paramsAt, type Config, type Network } from '@elbo/core';
import { dense } from '@elbo/networks';
import { concat } from '@tensorflow/tfjs-core';
import {
  expectPair,
  pairSizes,
  withPrior,
  type DiscriminatorOptions,
  type PairNetwork,
} from './pair.js';

/** T of a body that sees x, flattened, and z side by side, and of a linear layer. `where` names it in errors. */
export function joinedDiscriminator(
  config: Config,
  body: Network,
  { priorQuadratic = false, zeroOutput = true }: DiscriminatorOptions,
  where: string,
): PairNetwork {
  const output = dense({ units: 1, init: zeroOutput ? 'zeros' : 'glorot' });
  return {
    config: { ...config, priorQuadratic, zeroOutput },
    init: (key, x, z) => {
      const [xSize, zSize] = pairSizes(x, z, where);
      const made = initPart(body, 'body', key, [xSize + zSize], where);
      const last = initPart(output, 'output', key, made.output, where);
      return { params: { body: made.params, output: last.params }, output: [1] };
    },
    apply: (params, mode, x, z) => {
      const pair = expectPair(x, z, where);
      const features = body.apply(paramsAt(params, 'body'), mode, concat([...pair], 1));
      const t = output.apply(paramsAt(params, 'output'), mode, features);
      return withPrior(t, pair[1], priorQuadratic);
    },
    ...couplingOf(body),
  };
}
