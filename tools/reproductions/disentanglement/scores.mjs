// How well the coordinates of a model's codes go with the factors of sprites.
import { sprites, spriteValues } from '@elbo/datasets';
import { disentanglementOf } from '@elbo/evaluation';
import { key } from '@elbo/random';
import { toBatch, validate } from '@elbo/training';
import { clone, concat, dispose } from '@tensorflow/tfjs-core';

export const rows = 10_000;
const chunk = 1000;

export const factorNames = Object.keys(spriteValues);

/** Means of q(z|x) of the sprites, and their factors. */
async function represented({ model, params }, data) {
  const parts = [];
  for (let begin = 0; begin < rows; begin += chunk) {
    const numbers = Uint32Array.from({ length: chunk }, (_, i) => begin + i);
    const batch = toBatch(await data.read(numbers, key(0)), data.shape, data.name);
    const open = model.open(params.primal, batch, { step: 0, key: key(0), training: false });
    parts.push(clone(open.pass.posterior.mean));
    open.dispose();
    dispose(Object.values(batch));
  }
  const means = concat(parts);
  const codes = { values: await means.data(), dim: model.prior.dim };
  dispose([means, ...parts]);
  const values = Float64Array.from({ length: rows * factorNames.length }, (_, at) => {
    const row = Math.floor(at / factorNames.length);
    return data.factors(row)[factorNames[at % factorNames.length]];
  });
  return { codes, factors: { values, dim: factorNames.length } };
}

/** The scores of a trained model on held-out sprites, and the share of each factor's entropy that each coordinate has. */
export async function scored(trained, { side, seed, signal }) {
  const data = sprites({ side, split: 'test', size: rows });
  const all = await represented(trained, data);
  const { elbo } = await validate(trained.model, trained.params, data, { signal });
  const found = disentanglementOf(all, { key: key(seed) });
  return {
    elbo,
    mig: found.mig.score,
    ofFactors: found.mig.ofFactors,
    information: found.mig.ofCoordinates,
    sap: found.sap.score,
    disentanglement: found.disentanglement,
    completeness: found.completeness,
    factorVae: found.factorVae.mean,
    betaVae: found.betaVae.mean,
  };
}
