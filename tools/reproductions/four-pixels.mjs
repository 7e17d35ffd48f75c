// The four-pixel table of Mescheder, Nowozin & Geiger 2017: a VAE and AVB, trained and measured.
//   npm run reproduce -- four-pixels [--seeds 0,1] [--models vae,avb] [--json]
import '@elbo/gradients';
import { join } from 'node:path';
import { setImmediate as macrotask } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { selectBackend } from '@elbo/backends';
import { fileStore } from '@elbo/files';
import { disposeTree } from '@elbo/core';
import { controls, expectControlled } from './four-pixels/controls.mjs';
import { measured } from './four-pixels/measured.mjs';
import { models, variants } from './four-pixels/models.mjs';
import { drawPicture } from './four-pixels/picture.mjs';
import { remembered } from './four-pixels/remembered.mjs';
import { pixels } from './four-pixels/sampling.mjs';
import { fingerprint } from './four-pixels/settings.mjs';
import { gates, markdown } from './four-pixels/table.mjs';
import { trained } from './four-pixels/trained.mjs';

export const summary = 'VAE and AVB on the four images of 2×2 pixels, against the paper (table 1)';

/** The models asked for, all by default. */
function modelsOf(argv) {
  const { values } = parseArgs({ args: argv, options: { models: { type: 'string' } } });
  const names = values.models?.split(',') ?? Object.keys(models);
  const unknown = names.find((name) => !Object.hasOwn(models, name));
  if (unknown !== undefined)
    throw new Error(`No model '${unknown}': there are ${Object.keys(models).join(', ')}.`);
  return names;
}

/** Trains and measures one model with one seed; the first of AVB is drawn. */
async function result(name, seed, { out, log, signal, draw }) {
  const recipe = models[name]();
  const { model, training } = recipe;
  const store = fileStore(join(out, `${name}-${seed}-${fingerprint(recipe)}`));
  const say = (message) => log(`${name}, seed ${seed}: ${message}`);
  const { params, ...spent } = await trained(recipe, {
    seed,
    store,
    signal,
    onReport: ({ step, rate, metrics }) => {
      const minutes = (training.steps - step) / rate / 60;
      say(
        `step ${step} of ${training.steps}, ELBO ${metrics.elbo.toFixed(3)}, ${rate.toFixed(1)} steps/s, ${minutes.toFixed(0)} min left`,
      );
    },
  });
  try {
    const { spent: measuring, ...found } = await measured(
      { model, params },
      { seed, store, log: say, signal },
    );
    const picture = draw ? await drawPicture({ model, params }, { seed, signal }) : undefined;
    return {
      picture,
      result: {
        seed,
        ...found,
        perPixel: found.reconstruction / pixels,
        excess: found.ownElbo - found.elbo,
        steps: training.steps,
        time: { training: spent, measuring },
      },
    };
  } finally {
    disposeTree(params.primal);
    disposeTree(params.dual);
  }
}

/** The controls' rows; fails when the measurements do not find the known answers. */
async function controlled({ out, log, signal }) {
  const store = fileStore(join(out, 'controls'));
  const rows = [];
  for (const [name, make] of Object.entries(controls)) {
    await macrotask();
    signal.throwIfAborted();
    const made = await remembered(store, name, () => {
      log(`control: ${name}`);
      return make();
    });
    rows.push(...made);
  }
  expectControlled(rows);
  return rows;
}

export async function run({ seeds = [0], out, log, argv, signal }) {
  const names = modelsOf(argv);
  const backend = await selectBackend({ backend: 'wasm' });

  const rows = await controlled({ out, log, signal });
  const byModel = {};
  let picture;
  for (const name of names) {
    byModel[name] = [];
    for (const seed of variants.includes(name) ? seeds.slice(0, 1) : seeds) {
      const draw = name === 'avb' && seed === seeds[0];
      const made = await result(name, seed, { out, log, signal, draw });
      byModel[name].push(made.result);
      picture ??= made.picture;
    }
  }

  const checked = names.flatMap((name) => gates(name, byModel[name]));
  for (const { model, quantity, value, required, holds } of checked)
    log(
      `${model} ${quantity}: ${value.toFixed(4)}, required ${required}: ${holds ? 'holds' : 'MISSED'}`,
    );
  if (checked.some(({ holds }) => !holds)) process.exitCode = 1;
  const { name, version, threads } = backend;
  return {
    markdown: markdown({ byModel, controls: rows, backend, picture }),
    json: { backend: { name, version, threads }, models: byModel, gates: checked, controls: rows },
  };
}
