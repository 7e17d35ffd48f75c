import { createHash } from 'node:crypto';
import type { Dataset } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import type { TrainOptions } from '@elbo/training';

/** What is trained, on what and how. */
export interface Setting {
  readonly model: Model;
  readonly data: Dataset;
  readonly training: Omit<TrainOptions, 'seed'>;
}

/** A short name for a setting: what was kept under another one is of no use to it. */
export function fingerprint({ model, data, training }: Setting): string {
  const { primal, dual, ...rest } = training;
  const settings = {
    model: model.config,
    primal: primal.config,
    dual: dual?.config,
    ...rest,
    data: data.config,
  };
  return createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 8);
}
