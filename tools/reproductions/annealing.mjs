// What a constant and an annealed weight of the KL leave of the code of a sequence.
//   npm run reproduce -- annealing [--seeds 0,1,2,3,4] [--steps 4000] [--json]
import { parseArgs } from 'node:util';
import { selectBackend } from '@elbo/backends';
import { cyclical, disposeTree, linear, standardNormal } from '@elbo/core';
import { words } from '@elbo/datasets';
import { sequenceDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { activeUnits, information } from '@elbo/evaluation';
import { gru } from '@elbo/networks';
import { adam, chain, clipByGlobalNorm } from '@elbo/optimisers';
import { key } from '@elbo/random';
import { toBatch, validate } from '@elbo/training';
import { vae } from '@elbo/vae';
import { dispose } from '@tensorflow/tfjs-core';
import { mean, spread } from '../lib/spread.mjs';
import { kept } from './mnist/kept.mjs';

export const summary = 'cyclical against constant weights of the KL on sequences (Fu et al. 2019)';

const latent = 16;
const units = 64;
const batchSize = 64;
/** Held-out words: all for the ELBO, the first of them for what takes time that grows as their square. */
const held = { all: 2000, some: 500 };

/** The weights of the KL: as it is in the ELBO; raised once; raised four times, each over half a cycle. */
const weights = {
  constant: () => 1,
  'raised once': (steps) => linear({ to: 1, steps: steps / 4 }),
  cyclical: (steps) => cyclical({ to: 1, period: steps / 4 }),
};

function settingOf(weight, steps) {
  const data = words();
  return {
    data,
    model: vae({
      prior: standardNormal(latent),
      encoder: gaussianEncoder({ network: gru({ units }), latent }),
      decoder: sequenceDecoder({ shape: data.shape, units }),
      beta: weights[weight](steps),
    }),
    training: { steps, batchSize, primal: chain(clipByGlobalNorm(200), adam(2e-3)) },
  };
}

/** Trains one model, and measures on held-out words what z has of x. */
async function result(weight, { steps, seed, ...how }) {
  const setting = settingOf(weight, steps);
  const { model } = setting;
  const { params, coreSeconds } = await kept(weight.replace(' ', '-'), setting, { seed, ...how });
  const test = words({ split: 'test', size: held.all });
  const { elbo, kl } = await validate(model, params, test, { signal: how.signal });
  const rows = Uint32Array.from({ length: held.some }, (_, i) => i);
  const batch = toBatch(await test.read(rows, key(0)), test.shape, test.name);
  try {
    const { lower, upper } = await information(model, params.primal, batch, { key: key(1) });
    return {
      weight,
      seed,
      elbo,
      kl,
      units: await activeUnits(model, params, batch, key(2)),
      lower: lower.mean,
      upper: upper.mean,
      coreSeconds,
    };
  } finally {
    dispose(Object.values(batch));
    disposeTree(params.primal);
    disposeTree(params.dual);
  }
}

export async function run({ seeds = [0, 1, 2, 3, 4], out, log, argv, signal }) {
  const { values } = parseArgs({
    args: argv,
    options: { steps: { type: 'string', default: '4000' } },
  });
  const steps = Number(values.steps);
  await selectBackend({ backend: 'wasm' });
  const byWeight = {};
  for (const weight of Object.keys(weights)) {
    byWeight[weight] = [];
    for (const seed of seeds) {
      const found = await result(weight, { steps, seed, out, log, signal });
      log(
        `${weight}, seed ${seed}: ELBO ${found.elbo.toFixed(2)}, KL ${found.kl.toFixed(2)}, ${found.units} active units, I(x; z) ${found.lower.toFixed(2)} to ${found.upper.toFixed(2)}`,
      );
      byWeight[weight].push(found);
    }
  }
  const least = (weight, figure) => Math.min(...byWeight[weight].map((found) => found[figure]));
  const most = (weight, figure) => Math.max(...byWeight[weight].map((found) => found[figure]));
  const holds =
    least('cyclical', 'units') > most('constant', 'units') &&
    least('cyclical', 'lower') > most('constant', 'upper');
  if (!holds) process.exitCode = 1;
  return { markdown: markdown(byWeight, { steps, holds }), json: { steps, holds, byWeight } };
}
