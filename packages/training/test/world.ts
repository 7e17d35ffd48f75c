import { standardNormal } from '@elbo/core';
import { flatten, leaves, type Params } from '@elbo/core';
import { fromArrays, type Dataset } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { concatDiscriminator } from '@elbo/discriminators';
import { gaussianEncoder, implicitEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { compose, reconstruction, term, type Model } from '@elbo/objectives';
import { logisticLoss } from '@elbo/objectives';
import { adam, chain, clipByGlobalNorm } from '@elbo/optimisers';
import { bernoulli, key } from '@elbo/random';
import { fold } from '@elbo/random';
import { add, mul, ones, reshape, sum, transpose } from '@tensorflow/tfjs-core';
import { train, type Report, type Run, type State, type TrainOptions } from '../src/index.js';

/** A small model with an adversary: AVB's game, on data of a few bits. */
export function smallModel({ hidden = 16 }: { readonly hidden?: number } = {}): Model {
  const discriminator = concatDiscriminator({ hidden: [hidden], activation: 'elu' });
  const game = term({
    config: { kind: 'test-kl' },
    name: 'kl',
    role: 'divergence',
    needs: ['posterior'],
    adversary: { parts: [discriminator], init: (k, x, z) => discriminator.init(k, x, z).params },
    evaluate: (pass, adversary) => {
      const mode = { training: pass.training, key: fold(pass.key, 'kl') };
      const at = (z: typeof pass.z) => discriminator.apply(adversary, mode, pass.x, z);
      return {
        cost: () => reshape(at(pass.z), [-1]),
        loss: () => logisticLoss({ positive: () => at(pass.z), negative: () => at(pass.zPrior) }),
      };
    },
  });
  return compose({
    prior: standardNormal(2),
    encoder: implicitEncoder({ latent: 2, noise: 3, hidden: [hidden] }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [hidden] }), shape: [6] }),
    terms: [reconstruction(), game],
  });
}

/** A small model that asks at a step for one tensor of side × side numbers. */
export function hungryModel(side: number, at = 5): Model {
  const hungry = term({
    config: { kind: 'test-hungry' },
    name: 'hungry',
    role: 'regulariser',
    needs: ['posterior'],
    evaluate: ({ step, z }) => ({
      cost: () => {
        const row = ones([1, step === at ? side : 1]);
        return mul(sum(z), sum(add(row, transpose(row))));
      },
    }),
  });
  return compose({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network: mlp({ hidden: [4] }), latent: 2 }),
    decoder: bernoulliDecoder({ network: mlp({ hidden: [4] }), shape: [6] }),
    terms: [reconstruction(), hungry],
  });
}

/** Rows of six bits. */
export function bitRows(size = 90, seed = 1): Dataset {
  return fromArrays({ name: 'bits', x: bernoulli(key(seed), 0.3, size * 6), shape: [6] });
}

export const options: TrainOptions = {
  steps: 40,
  batchSize: 16,
  seed: 9,
  primal: chain(clipByGlobalNorm(1), adam(3e-3)),
  dual: adam(5e-3),
  dualSteps: 2,
  ema: 0.9,
  every: 10,
};

/** Runs to the end. */
export async function all(run: Run): Promise<Report[]> {
  const reports: Report[] = [];
  for await (const report of run) reports.push(report);
  return reports;
}

/** Every bit of a state, by path. */
export function bitsOf(state: State): Record<string, number[]> {
  const tree: Params = {
    primal: state.params.primal,
    dual: state.params.dual,
    ...(state.ema && { ema: state.ema }),
    first: state.optimiser.primal,
    second: state.optimiser.dual,
  };
  return Object.fromEntries(
    flatten(tree).map(({ path, tensor }) => [
      path,
      [...new Uint32Array((tensor.dataSync() as Float32Array).slice().buffer)],
    ]),
  );
}

/** How many tensors a state holds. */
export function tensorsOf(state: State): number {
  return leaves({
    ...state.params.primal,
    dual: state.params.dual,
    ema: state.ema ?? {},
    a: state.optimiser.primal,
    b: state.optimiser.dual,
  }).length;
}

export { train };
