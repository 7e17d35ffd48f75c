import { flattenConfig } from '@elbo/report';
import type { ComparedRun } from './compared_run.js';

/** An option with its value in each run; `undefined` where a run has no such option. */
export interface Difference {
  readonly path: string;
  readonly values: readonly (string | undefined)[];
}

/** The options in which runs differ. */
export function configDifferences(
  sides: readonly Pick<ComparedRun, 'config'>[],
): readonly Difference[] {
  const flat = sides.map(({ config }) => new Map(flattenConfig(config)));
  const paths = [...new Set(flat.flatMap((options) => [...options.keys()]))];
  return paths
    .map((path) => ({ path, values: flat.map((options) => options.get(path)) }))
    .filter(({ values }) => new Set(values).size > 1);
}
