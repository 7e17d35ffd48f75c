import { tidy, type Scalar } from '@tensorflow/tfjs-core';
import type { Batch, Moment } from '../pass/batch.js';
import { evaluateTerms } from '../terms/evaluate_terms.js';
import type { Model } from './model.js';
import type { ModelParams } from './params.js';

/**
 * Every metric of a model on one batch, without training: `elbo` where the terms make one, the terms' mean costs
 * (`kl`), and the adversaries' losses and metrics (`kl/loss`, `kl/accuracy`). The scalars are the caller's.
 */
export function measure(
  model: Model,
  params: ModelParams,
  batch: Batch,
  moment: Omit<Moment, 'training'>,
): Record<string, Scalar> {
  const forward = model.forward(params.primal, batch, { ...moment, training: false });
  try {
    return tidy(() => {
      const measured = evaluateTerms(model, forward, params.dual).measure({
        primal: true,
        dual: true,
      });
      return Object.fromEntries(
        Object.entries(measured).map(([name, value]) => [name, value.clone()]),
      );
    });
  } finally {
    forward.dispose();
  }
}
