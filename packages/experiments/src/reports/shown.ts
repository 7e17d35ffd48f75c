import type { Dataset } from '@elbo/datasets';
import type { Model, ModelParams } from '@elbo/objectives';
import type { RunDirectory } from '@elbo/runs';

/** A model at a step, and what to show of it. */
export interface Shown {
  readonly run: RunDirectory;
  readonly model: Model;
  readonly params: ModelParams;
  /** The step that the parameters are of. */
  readonly step: number;
  readonly test: Dataset;
  readonly seed: number;
}
