// What one trained model is worth, on the same binarised test images as every other.
import {
  annealedLikelihood,
  diagnose,
  estimateLikelihood,
  localElbo,
  transportElbo,
} from '@elbo/evaluation';
import { fold, key } from '@elbo/random';
import { toBatch } from '@elbo/training';
import { dispose } from '@tensorflow/tfjs-core';
import { remembered } from '../four-pixels/remembered.mjs';

/** Test images of each kind of measurement: the ELBO's are the first of them all. */
const rows = { elbo: 500, ais: 100, compared: 5000, comparedByAis: 300 };
const samples = 2000;
const annealing = { chains: 4, temperatures: 400 };
const noise = key(1);

async function onRows(data, count, f) {
  const read = await data.read(
    Uint32Array.from({ length: count }, (_, i) => i),
    key(0),
  );
  const batch = toBatch(read, data.shape, data.name);
  try {
    return await f(batch);
  } finally {
    dispose(Object.values(batch));
  }
}

/** Each row's ELBO by the model's own terms, over draws. */
async function ownElbo(model, params, batch, draws) {
  const sums = new Float64Array(batch.x.shape[0]);
  for (let i = 0; i < draws; i++) {
    const elbo = model.elbo(params, batch, fold(noise, i));
    (await elbo.data()).forEach((value, row) => (sums[row] += value / draws));
    elbo.dispose();
  }
  return [...sums];
}

/** All of one model's figures; those of a row each are lists. What is done is kept in `store`. */
export async function measured(model, params, held, { store, gaps, comparedBy, log, signal }) {
  const step = async (name, count, f) => {
    const found = await remembered(store, name, () => {
      log(name);
      return onRows(held, count, f);
    });
    signal.throwIfAborted();
    return found;
  };
  const elbo = await step('elbo', rows.elbo, (batch) => ownElbo(model, params, batch, 20));
  const importance = await step('importance', rows.elbo, async (batch) => {
    const options = { key: noise, samples, signal };
    const found = await estimateLikelihood(model, params.primal, batch, options);
    const { medianEffectiveSampleSize: effective, logLikelihood } = found;
    return { values: [...logLikelihood], effective };
  });
  const annealed = async (batch) => {
    const options = { ...annealing, key: noise, start: 'normal', signal };
    const found = await annealedLikelihood(model, params.primal, batch, options);
    const { logLikelihood, acceptance } = found;
    return {
      values: [...logLikelihood],
      acceptance: acceptance.reduce((a, b) => a + b, 0) / acceptance.length,
    };
  };
  const ais = await step('ais', rows.ais, annealed);
  const local = gaps && {};
  for (const covariance of gaps ? ['diagonal', 'full'] : [])
    local[covariance] = await step(`local-${covariance}`, rows.ais, async (batch) => {
      const options = { key: noise, covariance, steps: 600, signal };
      return [...(await localElbo(model, params.primal, batch, options)).rows];
    });
  const adversarial = model.terms.some((t) => t.adversary && t.role === 'divergence');
  const doctor =
    adversarial &&
    (await step('doctor', rows.elbo, async (batch) => {
      const found = await diagnose(model, params, batch, {
        key: noise,
        samples: 500,
        refit: { discriminators: 2, steps: 1500 },
        signal,
      });
      const { verdict, reliability, refit, bounds } = found;
      return {
        verdict,
        accuracy: reliability.accuracy,
        refit: { ...refit, rows: [...refit.rows] },
        bounds: bounds && { lower: [...bounds.rows.lower], upper: [...bounds.rows.upper] },
      };
    }));
  // One draw of each of many images says more of a difference than many draws of few.
  const elboOfMany =
    comparedBy.includes('elbo') &&
    (await step('elbo-of-many', rows.compared, async (batch) => {
      if (!adversarial) return ownElbo(model, params, batch, 4);
      const options = { key: noise, draws: 1, components: 25, signal };
      return [...(await transportElbo(model, params.primal, batch, options)).rows.lower];
    }));
  const aisOfMany =
    comparedBy.includes('ais') && (await step('ais-of-many', rows.comparedByAis, annealed));
  return { elbo, importance, ais, local, doctor, elboOfMany, aisOfMany };
}
