import type { SelectedBackend } from '@elbo/backends';
import { leaves, type Params } from '@elbo/core';
import type { ModelParams } from '@elbo/objectives';
import type { MetricsLine, Provenance } from '@elbo/report';
import { versions } from '../versions.js';

/** Where the numbers of a run come from. */
export function provenanceOf({
  params,
  backend,
  ...run
}: {
  readonly seed: number;
  readonly steps: number;
  readonly seconds: number;
  readonly params: ModelParams;
  readonly backend: SelectedBackend;
}): Provenance {
  const { seed, steps, seconds } = run;
  return {
    seed,
    steps,
    seconds,
    backend: `${backend.name} ${backend.version}`,
    versions: versions(),
    parameters: parametersOf(params),
  };
}

/** How many numbers each part has: encoder and decoder, and adversaries by the names of their terms. */
function parametersOf({ primal, dual }: ModelParams): Readonly<Record<string, number>> {
  const parts = Object.entries({ ...primal, ...dual } as Readonly<Record<string, Params>>);
  return Object.fromEntries(
    parts
      .map(([part, tree]) => [part, leaves(tree).reduce((sum, { size }) => sum + size, 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

/** The seconds that the steps of a run took, by the rates in its metrics. */
export function trainingSeconds(metrics: readonly MetricsLine[]): number {
  let seconds = 0;
  let before = 0;
  for (const { step, split, rate } of metrics) {
    if (split !== 'training' || typeof rate !== 'number') continue;
    if (rate > 0) seconds += (step - before) / rate;
    before = step;
  }
  return seconds;
}
