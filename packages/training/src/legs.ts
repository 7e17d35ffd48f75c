import { ConfigError, type Json } from '@elbo/core';
import { parseTrainingConfig, type TrainingConfig } from './config.js';

/** A part of a run with a training configuration of its own: from the step where the one before ended. */
export interface Leg {
  readonly from: number;
  /** Its `steps` are those of the run in all. */
  readonly training: TrainingConfig;
}

/** The schedules that come to an end. Others go on as they are. */
const ending = ['linear', 'cosine'];

type Fields = Readonly<Record<string, Json>>;

/** JSON with the objects of some kinds replaced, wherever they are in it. */
function replaceKinds(json: Json, kinds: readonly string[], by: (found: Fields) => Json): Json {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map((item: Json) => replaceKinds(item, kinds, by));
  const fields = json as Fields;
  if (kinds.includes(fields.kind as string)) return by(fields);
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, replaceKinds(value, kinds, by)]),
  );
}

/** How many steps a player's optimiser has made when a leg begins. */
function stepsBefore(
  player: 'primal' | 'dual',
  from: number,
  { simultaneous, dualSteps = 1, warmUp = 0 }: TrainingConfig,
): number {
  if (player === 'primal') return Math.max(0, from - warmUp);
  return from * (simultaneous === true ? 1 : dualSteps);
}

/** A training configuration with the schedules of both players' optimisers replaced. */
function withSchedules(
  training: TrainingConfig,
  kinds: readonly string[],
  by: (found: Fields, player: 'primal' | 'dual') => Json,
): TrainingConfig {
  const players = (['primal', 'dual'] as const).flatMap((player) => {
    const config = training[player];
    return config === undefined
      ? []
      : [[player, replaceKinds(config, kinds, (found) => by(found, player))]];
  });
  return { ...training, ...(Object.fromEntries(players) as Pick<TrainingConfig, 'primal'>) };
}

/**
 * A further leg of a run, from a step where it stands to `steps` in all. Schedules that come to an end (linear, cosine)
 * run anew over its steps, with their shape; others go on.
 *
 * @param change What else is to be other: given the configuration with schedules as if it began at step 0.
 * @throws ConfigError for another seed or `ema`, which one run has from its first step.
 */
export function furtherLeg(
  before: Leg,
  { from, steps }: { readonly from: number; readonly steps: number },
  change: (training: TrainingConfig) => TrainingConfig = (training) => training,
): Leg {
  const factor = (steps - from) / (before.training.steps - before.from);
  const plain = withSchedules(before.training, ['delayed'], (found, player) =>
    found.by === stepsBefore(player, before.from, before.training) ? found.schedule! : { ...found },
  );
  const stretched = withSchedules(plain, ending, (schedule) => {
    const over = Math.max(1, Math.round(Number(schedule.steps) * factor));
    const { start } = schedule;
    return {
      ...schedule,
      steps: over,
      ...(typeof start === 'number' && { start: Math.min(over - 1, Math.round(start * factor)) }),
    };
  });
  const changed = change({ ...stretched, steps });
  for (const name of ['seed', 'ema'] as const)
    if (changed[name] !== before.training[name])
      throw new ConfigError(
        `A run has one \`${name}\` from its first step (${String(before.training[name] ?? 'none')}), and a further leg cannot change it (${String(changed[name] ?? 'none')}): train anew.`,
      );
  const training = withSchedules(changed, ending, (schedule, player) => {
    const by = stepsBefore(player, from, changed);
    return by === 0 ? schedule : { kind: 'delayed', by, schedule };
  });
  return { from, training: parseTrainingConfig(training) };
}
