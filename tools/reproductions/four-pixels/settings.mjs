// What a run's kept work depends on.
import { createHash } from 'node:crypto';

/** A short name for how a model is made and trained: what was kept under another one is of no use to it. */
export function fingerprint({ model, training }) {
  const { primal, dual, ...rest } = training;
  const settings = { model: model.config, primal: primal.config, dual: dual?.config, ...rest };
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 8);
}
