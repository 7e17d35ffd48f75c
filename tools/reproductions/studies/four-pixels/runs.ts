// The runs as tables show them.
import { figure } from '../../common/figures.js';
import type { ByModel, Run } from './result.js';

/** A number to so many digits, and nothing where there is none. */
export const show = (value: number | undefined, digits: number): string =>
  value === undefined ? '' : figure(value, digits);

/** The runs, each with its model's name. */
export const runsOf = (byModel: ByModel): readonly (readonly [string, Run])[] =>
  Object.entries(byModel).flatMap(([name, runs]) =>
    runs.map((run) => [`${name.toUpperCase()}, seed ${run.seed}`, run] as const),
  );
