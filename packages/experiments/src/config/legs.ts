import type { Json } from '@elbo/core';
import { furtherLeg, parseTrainingConfig, type Leg, type State } from '@elbo/training';
import { RequestError } from '../request_error.js';
import { endingOf } from '../training/ending.js';
import { lastLeg, legsOf, type ResolvedConfig } from './run_config.js';
import { replaceAt, type Setting } from './settings.js';

/** What is asked of a run to go on with: its steps in all, and other training settings for those to come. */
export interface Further {
  readonly steps: number;
  readonly settings: readonly Setting[];
}

/**
 * A run's configuration with a further leg from where it stands, where one is asked for.
 *
 * @throws RequestError when the run is at that step already; ConfigError for settings that do not fit.
 */
export function extended(
  config: ResolvedConfig,
  further: Further | undefined,
  state: State | undefined,
  dir: string,
): ResolvedConfig {
  if (!further) return config;
  const { steps, settings } = further;
  const before = lastLeg(config);
  const from = state?.step ?? 0;
  const sameEnd = steps === before.training.steps && settings.length === 0;
  const early = state && endingOf(state, before.training) === 'early';
  if (sameEnd && !(early && steps > from)) return config;
  if (steps <= from)
    throw new RequestError(
      `${dir} is already at step ${from}, and ${steps} were asked for: give --steps a higher number.`,
    );
  const leg = furtherLeg(before, { from, steps }, (training) => {
    const json = { training: training as unknown as Json };
    return parseTrainingConfig((settings.reduce(replaceAt, json) as typeof json).training);
  });
  // What was to come after this step is replaced: it has not been trained, or its checkpoints are gone.
  const [first, ...legs] = [...legsOf(config).filter((kept) => kept.from < from), leg];
  return { ...config, training: first.training, legs: legs.length > 0 ? legs : undefined };
}

/** A leg to train, and the step where the next one takes over. */
export interface Stretch extends Leg {
  readonly until: number | undefined;
}

/**
 * The legs that lie before a state, and the rest of the one in which it is. A leg that another follows ends where that
 * begins, and waits for nothing else.
 */
export function stretchesFrom(config: ResolvedConfig, step: number): readonly Stretch[] {
  const legs = legsOf(config);
  const stretches = legs.map(({ from, training }, i): Stretch => {
    const until = legs[i + 1]?.from;
    if (until === undefined) return { from, training, until };
    const { patience, keep = patience === undefined ? undefined : 'best', ...rest } = training;
    return { from, training: { ...rest, keep }, until };
  });
  const current = legs.findLastIndex(({ from }) => from <= step);
  return stretches.slice(current);
}

/** A state at the begin of a further leg waits anew for a better one. */
export function begun(state: State, config: ResolvedConfig): State {
  const begins = state.step > 0 && legsOf(config).some(({ from }) => from === state.step);
  return begins && state.best ? { ...state, best: { ...state.best, waited: 0 } } : state;
}
