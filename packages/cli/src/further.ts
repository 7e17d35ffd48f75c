import type { Further, Setting } from '@elbo/experiments';
import type { TrainFlags } from './train_flags.js';
import { UsageError } from './usage.js';

/**
 * What the flags beside `--resume` ask for; nothing where a run goes on as it is.
 *
 * @throws UsageError for flags that a run cannot take after its first step.
 */
export function furtherOf(flags: TrainFlags, settings: readonly Setting[]): Further | undefined {
  const others = settings.filter(({ key }) => key !== 'training.steps');
  const given = settings.find(({ key }) => key === 'training.steps')?.value;
  const steps = flags.steps ?? given;
  const fixed = [flags.out, flags.seed, flags.batchSize, flags.keep, flags.from].some(
    (flag) => flag !== undefined,
  );
  const foreign = others.some(({ key }) => !key.startsWith('training.'));
  if (fixed || foreign || (steps === undefined && others.length > 0))
    throw new UsageError(
      '--resume continues a run as it is. Add --steps to train for more steps; with it, --set training.… changes settings for those steps.',
    );
  if (steps === undefined) return undefined;
  if (typeof steps !== 'number' || !Number.isSafeInteger(steps) || steps < 1)
    throw new UsageError(
      `--set training.steps takes a whole number, not ${JSON.stringify(steps)}.`,
    );
  return { steps, settings: others };
}
