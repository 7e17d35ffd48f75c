// What the table says of one trained model.
import { diagnose } from '@elbo/evaluation';
import { fold, key } from '@elbo/random';
import { mean } from '../../lib/spread.mjs';
import { clockFrom } from './clock.mjs';
import { divergencesAtBothSizes, sizes } from './divergence.mjs';
import { logLikelihoods } from './one_hot.mjs';
import { logIntegral, midpoints } from './quadrature.mjs';
import { remembered } from './remembered.mjs';
import { drawElbo, drawPosterior, logitsAt, onCopies, pixels } from './sampling.mjs';

/** Squares along a side of the quadrature's grid, and of a coarser one that must give the same. */
const [side, coarse] = [800, 600];
/** Copies of the images that discriminators are judged on. */
const judgedRows = 1024;
const images = Array.from({ length: pixels }, (_, x) => x);

/** The mean log p(x) of the four images, by quadrature. */
async function logEvidence(trained, how) {
  const at = async (n) => {
    const logits = await logitsAt(trained, midpoints(n), how);
    return mean(images.map((x) => logIntegral(logLikelihoods(logits, pixels, x), n)));
  };
  const [logLikelihood, coarser] = [await at(side), await at(coarse)];
  return { logLikelihood, quadratureDisagreement: Math.abs(logLikelihood - coarser) };
}

/** The samples' divergences, and the mean of −log p(x|z) at them. */
async function ofSamples(trained, how) {
  const samples = [];
  for (const x of images) samples.push(await drawPosterior(trained, x, sizes.at(-1), how));
  const costs = [];
  for (const x of images) {
    const logits = await logitsAt(trained, samples[x].subarray(0, 2 * sizes[0]), how);
    costs.push(-mean(logLikelihoods(logits, pixels, x)));
  }
  return { reconstruction: mean(costs), ...divergencesAtBothSizes(samples) };
}

/** The mean ELBO as the model's own terms estimate it. */
async function ownElbo(trained, how) {
  const elbos = [];
  for (const x of images) elbos.push(mean(await drawElbo(trained, x, sizes[0], how)));
  return { ownElbo: mean(elbos) };
}

/** What fresh discriminators, fitted to the finished encoder, say of the ELBO; nothing of a model that needs none. */
async function byFreshDiscriminators({ model, params }, { key: noise, signal }) {
  if (!model.terms.some(({ adversary }) => adversary)) return {};
  return onCopies(judgedRows, async (batch) => {
    const refit = { steps: 3000, batchSize: 512, rate: 3e-3, draws: 200 };
    const options = { key: fold(noise, 'doctor'), samples: 500, refit, signal };
    const {
      verdict,
      reliability,
      elbo,
      refit: found,
    } = await diagnose(model, params, batch, options);
    const { interval, atMost, probes, disagreement, gained } = found;
    return {
      doctor: {
        verdict,
        claimed: elbo,
        accuracy: reliability.accuracy,
        elbo: found.elbo.mean,
        atMost: atMost.mean,
        interval,
        probes,
        disagreement,
        gained,
      },
    };
  });
}

const parts = {
  evidence: logEvidence,
  samples: ofSamples,
  own: ownElbo,
  doctor: byFreshDiscriminators,
};

/**
 * Measures a trained model `{ model, params }`, part by part; what a kill left of it in `store` is not done again. All
 * in nats, and means over the four images.
 *
 * `reconstruction` is E −log p(x|z), summed over pixels; `elbo`, minus it and minus the divergence of the posterior by
 * nearest neighbours, needs no discriminator; `ownElbo` is what the model's own terms say.
 */
export async function measured(trained, { seed, store, log, signal }) {
  const found = {};
  const spent = { seconds: 0, coreSeconds: 0 };
  // One key for all parts: the model's own ELBO is of draws that the divergences are of too.
  const noise = fold(key(seed), 'measure');
  for (const [name, measure] of Object.entries(parts)) {
    const kept = await remembered(store, `measured-${name}`, async () => {
      log(`measuring: ${name}`);
      const clock = clockFrom();
      const values = await measure(trained, { key: noise, signal });
      return { values, spent: clock() };
    });
    Object.assign(found, kept.values);
    spent.seconds += kept.spent.seconds;
    spent.coreSeconds += kept.spent.coreSeconds;
  }
  const elbo = -found.reconstruction - found.posterior;
  return { ...found, elbo, ...sandwich({ ...found, elbo }), spent };
}

/**
 * −log 4 − KL(q(z), p) − reconstruction ≤ ELBO ≤ −log 4 − KL(q(z), p), as I(x; z) ≤ log 4 and H(x|z) ≤ reconstruction: a
 * pair of divergences that violates it by more than their error is mismeasured.
 */
function sandwich({ reconstruction, aggregate, elbo }) {
  const upper = -Math.log(pixels) - aggregate;
  const lower = upper - reconstruction;
  return { lower, upper, violation: Math.max(0, lower - elbo, elbo - upper) };
}
