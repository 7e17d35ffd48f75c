import type { Dataset } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import { train, type State, type TrainOptions } from '@elbo/training';

/** Trains to the end; the state is the caller's. */
export async function finish(model: Model, data: Dataset, options: TrainOptions): Promise<State> {
  const run = train(model, data, { every: options.steps, ...options });
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- a run goes on while it is iterated
  for await (const _ of run);
  return run.take();
}
