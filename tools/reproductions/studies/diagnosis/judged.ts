// One model: trained, measured and diagnosed.
import { join } from 'node:path';
import { diagnose } from '@elbo/evaluation';
import { fileStore } from '@elbo/files';
import { fold, key } from '@elbo/random';
import { knownEnds } from '../../common/ends.js';
import { onRows, rowNumbers } from '../../common/rows.js';
import { clockFrom } from '../../runner/clock.js';
import { remembered } from '../../runner/remembered.js';
import type { Context } from '../../runner/study.js';
import { withTrained } from '../../runner/trained.js';
import { cases } from './cases.js';
import type { Judged } from './result.js';
import { truthOf } from './truth.js';

/** Rows of a larger set that it is diagnosed on. */
const rowsOfSet = 100;
const refit = { discriminators: 3, steps: 500, batchSize: 512, rate: 1e-2 };

/** The model of a case with a seed; kept as it ends. */
export function judgedModel(name: string, seed: number, context: Context): Promise<Judged> {
  const { kind, setting, rows: rowsAt } = cases[name]!;
  const store = fileStore(join(context.out, 'models'));
  const file = `${name}-${seed}`;
  return remembered(store, file, async () => {
    const clock = clockFrom();
    const made = setting();
    const { data } = made;
    return withTrained(file, made, { ...context, seed, every: 1000, keep: 1 }, async (trained) => {
      const noise = fold(key(seed), 'measure');
      const { signal } = context;
      const truth = await truthOf(trained, data, { key: fold(noise, 'truth'), signal });
      const rows = rowsAt?.(seed) ?? Math.min(rowsOfSet, data.size);
      const found = await onRows(data, rowNumbers(rows), (batch) =>
        diagnose(trained.model, trained.params, batch, {
          key: fold(noise, 'diagnose'),
          samples: 1000,
          setSize: data.size,
          refit,
          signal,
        }),
      );
      const { verdict, warnings, tolerance, reliability, evidence, elbo } = found;
      const { missed, unseen, gained, disagreement, effectiveDraws, margins, probes, deviation } =
        found.refit!;
      return {
        name,
        kind,
        seed,
        rows,
        truth,
        verdict,
        warnings,
        claimed: elbo,
        tolerance,
        accuracy: reliability!.accuracy,
        deviation: knownEnds(found.deviation),
        interval: knownEnds(found.interval),
        fresh: { deviation: knownEnds(deviation), counts: evidence[0]!.doubt === undefined },
        probes: Object.values(probes).map((of) => of!.missed),
        ...{ missed, unseen, gained, disagreement, effectiveDraws, margins },
        coreSeconds: clock().coreSeconds + trained.coreSeconds,
      };
    });
  });
}
