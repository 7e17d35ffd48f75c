// Disentanglement of VAEs, β-VAEs and β-TCVAEs on sprites of known factors (Chen et al. 2018).
//   npm run reproduce -- disentanglement [--seeds 0,1,2,3,4] [--steps 4000] [--side 32] [--json]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selectBackend } from '@elbo/backends';
import { disposeTree } from '@elbo/core';
import { fileStore } from '@elbo/files';
import { remembered } from './four-pixels/remembered.mjs';
import { fingerprint } from './four-pixels/settings.mjs';
import { objectives, settingOf } from './disentanglement/models.mjs';
import { scored } from './disentanglement/scores.mjs';
import { markdown, risesOf } from './disentanglement/table.mjs';
import { drawTraversals } from './disentanglement/traversals.mjs';
import { kept } from './mnist/kept.mjs';

export const summary = 'MIG and its kin of VAE, β-VAE and β-TCVAE on sprites (Chen et al. 2018)';

/** Trains one model, or finds it trained; `use` has its parameters while it runs. */
async function trainedFor(objective, { seed, setting, ...how }, use) {
  const { params, coreSeconds } = await kept(objective, setting, { seed, ...how });
  try {
    return { ...(await use({ model: setting.model, params })), coreSeconds };
  } finally {
    disposeTree(params.primal);
    disposeTree(params.dual);
  }
}

/** The scores of one model, which are kept beside it. */
function result(objective, { side, ...how }) {
  const { model, training, data } = how.setting;
  const settings = fingerprint({ model, training: { ...training, data: data.config } });
  const store = fileStore(join(how.out, 'scores'));
  return remembered(store, `${settings}-${how.seed}`, () =>
    trainedFor(objective, how, (trained) => scored(trained, { side, ...how })),
  );
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
      const setting = settingOf(objective, size);
      const found = await result(objective, { side: size.side, setting, seed, out, log, signal });
      log(`${objective}, seed ${seed}: MIG ${found.mig.toFixed(3)}, SAP ${found.sap.toFixed(3)}`);
      results.push({ objective, seed, ...found });
    }
  const rises = risesOf(results, 'mig');
  if (rises.some(({ mean }) => mean <= 0)) process.exitCode = 1;
  const best = results.reduce((a, b) => (b.mig > a.mig ? b : a));
  const setting = settingOf(best.objective, size);
  const how = { seed: best.seed, setting, out, log, signal };
  const { picture } = await trainedFor(best.objective, how, async (trained) => ({
    picture: await drawTraversals(trained, best),
  }));
  return {
    markdown: markdown(results, { ...size, best, picture }),
    json: { ...size, rises, results },
  };
}
