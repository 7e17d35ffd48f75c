// Disentanglement of VAEs, β-VAEs and β-TCVAEs on sprites of known factors (Chen et al. 2018).
//   npm run reproduce -- disentanglement [--seeds 0,1,2,3,4] [--objectives VAE,β-VAE,β-TCVAE] [--steps 4000] [--side 32] [--json]
import { join } from 'node:path';
import { fileStore } from '@elbo/files';
import { noneMissed } from '../../common/gates.js';
import { UsageError } from '../../runner/command_line.js';
import { remembered } from '../../runner/remembered.js';
import { fingerprint } from '../../runner/setting.js';
import type { Context, Study } from '../../runner/study.js';
import { withTrained } from '../../runner/trained.js';
import { objectives, settingOf, type Size } from './models.js';
import { scored, type Scores } from './scores.js';
import { bestOf, gatesOf, page, traversalsFile, type Result, type Scored } from './table.js';
import { drawTraversals } from './traversals.js';

/** The scores of one model, which are kept beside it. */
function result(
  objective: string,
  size: Size,
  seed: number,
  context: Context,
): Promise<Scores & { readonly coreSeconds: number }> {
  const setting = settingOf(objective, size);
  const store = fileStore(join(context.out, 'scores'));
  return remembered(store, `${fingerprint(setting)}-${seed}`, () =>
    withTrained(objective, setting, { ...context, seed }, async (trained) => ({
      ...(await scored(trained, { side: size.side, seed, signal: context.signal })),
      coreSeconds: trained.coreSeconds,
    })),
  );
}

const flags: Readonly<Record<'objectives' | 'steps' | 'side', string>> = {
  objectives: Object.keys(objectives).join(','),
  steps: '4000',
  side: '32',
};

export const disentanglement: Study<Result, typeof flags> = {
  summary: 'MIG and its kin of VAE, β-VAE and β-TCVAE on sprites (Chen et al. 2018)',
  seeds: Array.from({ length: 20 }, (_, seed) => seed),
  flags,
  methods: 'objectives',

  async run({ seeds, values, ...context }) {
    const size = { steps: Number(values.steps), side: Number(values.side) };
    const results: Scored[] = [];
    for (const seed of seeds)
      for (const objective of values.objectives.split(',')) {
        if (!objectives[objective])
          throw new UsageError(
            `No objective '${objective}': there are ${Object.keys(objectives).join(', ')}.`,
          );
        const found = await result(objective, size, seed, context);
        context.log(
          `${objective}, seed ${seed}: MIG ${found.mig.toFixed(3)}, SAP ${found.sap.toFixed(3)}`,
        );
        results.push({ objective, seed, ...found });
      }
    const best = bestOf(results);
    const picture = await withTrained(
      best.objective,
      settingOf(best.objective, size),
      { ...context, seed: best.seed },
      (trained) => drawTraversals(trained, best),
    );
    return {
      result: { ...size, results },
      holds: noneMissed(gatesOf(results)),
      pictures: { [traversalsFile]: picture },
    };
  },

  page,
};
