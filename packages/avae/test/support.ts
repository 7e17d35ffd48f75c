import { leaves, standardNormal, type Params, type Prior } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import {
  denseDiscriminator,
  projectionDiscriminator,
  type Discriminator,
  type ProjectionDiscriminator,
} from '@elbo/discriminators';
import { gaussianEncoder } from '@elbo/encoders';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import {
  evaluateTerms,
  type Decoder,
  type Encoder,
  type Model,
  type ModelParams,
} from '@elbo/objectives';
import { key, uniform } from '@elbo/random';
import { tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';

const network = mlp({ hidden: [8], activation: 'tanh' });
export const parts: {
  readonly prior: Prior;
  readonly encoder: Encoder<'posterior' | 'logProb' | 'moments'>;
  readonly decoder: Decoder;
} = {
  prior: standardNormal(2),
  encoder: gaussianEncoder({ network, latent: 2 }),
  decoder: bernoulliDecoder({ network, shape: [6] }),
};
export const ofData: Discriminator = denseDiscriminator({ hidden: [7, 5] });
export const ofClasses: ProjectionDiscriminator = projectionDiscriminator({
  network: mlp({ hidden: [7] }),
});

/** Four rows of data, of two classes. */
export const data = (): Tensor2D => tensor2d(uniform(key(1), 24), [4, 6]);
export const classes = (): Tensor2D => tensor2d([1, 0, 0, 1, 0, 1, 1, 0], [4, 2]);
export const fresh = (model: Model): ModelParams => model.init(key(2), [6], [2]);

/** What each player's loss is, and its gradient by that player's own parameters, flat, as training takes them. */
export function gradientsFor(
  model: Model,
): Readonly<Record<'encoder' | 'decoder' | 'dual', readonly number[]>> {
  const params = fresh(model);
  const { encoder, decoder } = params.primal as Record<string, Params>;
  const batch = { x: data(), condition: classes() };
  const found = gradientsOf(
    () => {
      const forward = model.forward(params.primal, batch, { step: 0, key: key(3), training: true });
      const evaluated = evaluateTerms(model, forward, params.dual);
      return {
        encoder: evaluated.primal('encoder'),
        decoder: evaluated.primal('decoder'),
        dual: evaluated.dual(),
      };
    },
    { encoder: encoder!, decoder: decoder!, dual: params.dual },
  );
  const of = (player: keyof typeof found): readonly number[] =>
    leaves(found[player].gradients).flatMap((leaf) => [...leaf.dataSync<'float32'>()]);
  return { encoder: of('encoder'), decoder: of('decoder'), dual: of('dual') };
}
