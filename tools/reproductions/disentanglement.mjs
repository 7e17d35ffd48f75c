// Disentanglement of VAEs, β-VAEs and β-TCVAEs on sprites of known factors (Chen et al. 2018).
//   npm run reproduce -- disentanglement [--seeds 0,1,2,3,4] [--steps 4000] [--side 32] [--json]
import { parseArgs } from 'node:util';
import { selectBackend } from '@elbo/backends';
import { disposeTree } from '@elbo/core';
import { mean } from '../lib/spread.mjs';
import { objectives, settingOf } from './disentanglement/models.mjs';
import { scored } from './disentanglement/scores.mjs';
import { markdown } from './disentanglement/table.mjs';
import { drawTraversals } from './disentanglement/traversals.mjs';
import { kept } from './mnist/kept.mjs';

export const summary = 'MIG and its kin of VAE, β-VAE and β-TCVAE on sprites (Chen et al. 2018)';

/** Trains one model, or finds it trained; `use` has its parameters while it runs. */
async function trainedFor(objective, { seed, size, ...how }, use) {
  const setting = settingOf(objective, size);
  const { params, coreSeconds } = await kept(objective, setting, { seed, ...how });
  try {
    return { ...(await use({ model: setting.model, params })), coreSeconds };
  } finally {
    disposeTree(params.primal);
    disposeTree(params.dual);
  }
}

export async function run({ seeds = [0, 1, 2, 3, 4], out, log, argv, signal }) {
  const { values } = parseArgs({
    args: argv,
    options: {
      steps: { type: 'string', default: '4000' },
      side: { type: 'string', default: '32' },
    },
  });
  const size = { steps: Number(values.steps), side: Number(values.side) };
  await selectBackend({ backend: 'wasm' });
  const results = [];
  for (const seed of seeds)
    for (const objective of Object.keys(objectives)) {
      const how = { seed, size, out, log, signal };
      const found = await trainedFor(objective, how, (trained) =>
        scored(trained, { ...size, seed }),
      );
      log(`${objective}, seed ${seed}: MIG ${found.mig.toFixed(3)}, SAP ${found.sap.toFixed(3)}`);
      results.push({ objective, seed, ...found });
    }
  const means = Object.keys(objectives).map((objective) =>
    mean(results.filter((found) => found.objective === objective).map(({ mig }) => mig)),
  );
  const holds = means.every((value, i) => i === 0 || value > means[i - 1]);
  if (!holds) process.exitCode = 1;
  const best = results.reduce((a, b) => (b.mig > a.mig ? b : a));
  const how = { seed: best.seed, size, out, log, signal };
  const { picture } = await trainedFor(best.objective, how, async (trained) => ({
    picture: await drawTraversals(trained, best),
  }));
  return {
    markdown: markdown(results, { ...size, holds, best, picture }),
    json: { ...size, holds, results },
  };
}
