import type { Config, Json } from '@elbo/core';
import type { TrainingConfig } from '@elbo/training';

/** Parts of a configuration that have a length in steps, such as schedules. */
function timed(json: Json | undefined): readonly (Config & { readonly steps: number })[] {
  if (typeof json !== 'object' || json === null) return [];
  const inner = Object.values(json).flatMap((value: Json) => timed(value));
  const own = 'steps' in json && typeof json.steps === 'number' && 'kind' in json;
  return own ? [json as Config & { readonly steps: number }, ...inner] : inner;
}

/** What to know when the steps of a stored configuration were changed: its schedules keep their lengths. */
export function scheduleNote({ primal, steps }: TrainingConfig): string | undefined {
  const schedule = timed(primal).find((part) => part.steps !== steps);
  if (!schedule) return undefined;
  const note = `Note: training for ${steps} steps changes no schedule: that of the learning rate is still ${schedule.kind} over ${schedule.steps} steps`;
  return schedule.steps > steps
    ? `${note}.`
    : `${note}, and may be near zero after them. For a longer schedule, train a new run.`;
}
