// How well the coordinates of a model's codes go with the factors of sprites.
import { sprites, spriteValues, type SpriteFactors, type SpritesDataset } from '@elbo/datasets';
import { disentanglementOf, type Represented } from '@elbo/evaluation';
import { key } from '@elbo/random';
import { validate } from '@elbo/training';
import { clone, concat, dispose, type Tensor2D } from '@tensorflow/tfjs-core';
import { onRows, rowNumbers } from '../../common/rows.js';
import type { Trained } from '../../runner/trained.js';

export const rows = 10_000;
const chunk = 1000;

export const factorNames = Object.keys(spriteValues) as readonly (keyof SpriteFactors)[];

/** What the scores of `@elbo/evaluation` are of one model. */
export interface Scores {
  readonly elbo: number;
  readonly mig: number;
  readonly ofFactors: readonly number[];
  /** Of each factor, the share of its entropy that each coordinate has. */
  readonly information: readonly (readonly number[])[];
  readonly sap: number;
  readonly disentanglement: number;
  readonly completeness: number;
  readonly factorVae: number;
  readonly betaVae: number;
}

/** Means of q(z|x) of the sprites, and their factors. */
async function represented({ model, params }: Trained, data: SpritesDataset): Promise<Represented> {
  const parts: Tensor2D[] = [];
  for (let begin = 0; begin < rows; begin += chunk)
    await onRows(data, rowNumbers(chunk, begin), (batch) => {
      const forward = model.forward(params.primal, batch, {
        step: 0,
        key: key(0),
        training: false,
      });
      parts.push(clone(forward.pass.posterior.mean));
      forward.dispose();
    });
  const means = concat(parts);
  const codes = { values: await means.data<'float32'>(), dim: model.prior.dim };
  dispose([means, ...parts]);
  const values = Float64Array.from({ length: rows * factorNames.length }, (_, at) => {
    const row = Math.floor(at / factorNames.length);
    return data.factors(row)[factorNames[at % factorNames.length]!];
  });
  return { codes, factors: { values, dim: factorNames.length } };
}

/** The scores of a trained model on held-out sprites. */
export async function scored(
  trained: Trained,
  { side, seed, signal }: { side: number; seed: number; signal: AbortSignal },
): Promise<Scores> {
  const data = sprites({ side, split: 'test', size: rows });
  const all = await represented(trained, data);
  const { elbo } = await validate(trained.model, trained.params, data, { signal });
  const found = disentanglementOf(all, { key: key(seed) });
  return {
    elbo: elbo!,
    mig: found.mig.score,
    ofFactors: found.mig.ofFactors,
    information: found.mig.ofCoordinates,
    sap: found.sap.score,
    disentanglement: found.disentanglement,
    completeness: found.completeness,
    factorVae: found.factorVae!.mean,
    betaVae: found.betaVae!.mean,
  };
}
