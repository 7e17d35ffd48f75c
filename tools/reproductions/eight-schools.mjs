// The posterior of the Eight Schools by AVB with adaptive contrast, beside normals, against the exact one.
//   npm run reproduce -- eight-schools [--seeds 0,1,2] [--json]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selectBackend } from '@elbo/backends';
import { disposeTree } from '@elbo/core';
import { estimateOf } from '@elbo/evaluation';
import { fold, key } from '@elbo/random';
import { fileStore } from '@elbo/files';
import {
  checkpointNames,
  decodeCheckpoint,
  disposeState,
  initialState,
  stateFrom,
} from '@elbo/training';
import { ones } from '@tensorflow/tfjs-core';
import { root } from '../lib/workspace.mjs';
import {
  byDensity,
  byNeighbours,
  drawn,
  draws,
  sharePositive,
} from './eight-schools/divergence.mjs';
import { data, models } from './eight-schools/models.mjs';
import { momentsOf } from './eight-schools/moments.mjs';
import { drawCurves, drawPairs } from './eight-schools/picture.mjs';
import { dim, exactDraws, quadrature } from './eight-schools/posterior.mjs';
import { gates, markdown } from './eight-schools/table.mjs';
import { remembered } from './four-pixels/remembered.mjs';
import { fingerprint } from './four-pixels/settings.mjs';
import { trained } from './four-pixels/trained.mjs';

export const summary = 'the posterior of a hierarchical model, by AVB, against the exact one';

/** Normals have several local optima; the best of as many starts counts. */
const starts = [0, 1, 2, 3];
const every = 250;
const shown = 3000;
/** Draws for KL at each checkpoint. */
const onTheWay = 5000;

/** Trains a model, and gives it to `use` with what it cost; its checkpoints stay in `store`. */
async function withTrained(name, seed, { out, log, signal }, use) {
  const recipe = models[name]();
  const { steps } = recipe.training;
  const store = fileStore(join(out, `${name}-${seed}-${fingerprint(recipe)}`));
  const { params, ...spent } = await trained(recipe, {
    data,
    every,
    keep: steps / every,
    seed,
    store,
    signal,
    // While the discriminator warms up there is no ELBO.
    onReport: ({ step, metrics: { elbo = NaN } }) =>
      log(`${name}, seed ${seed}: step ${step} of ${steps}, ELBO ${elbo.toFixed(3)}`),
  });
  try {
    return await use({ model: recipe.model, params, store, steps, ...spent });
  } finally {
    disposeTree(params.primal);
    disposeTree(params.dual);
  }
}

/** The best normal of its kind. */
async function bestNormal(name, { logEvidence }, how) {
  const found = [];
  for (const start of starts)
    found.push(
      await withTrained(name, start, how, ({ store, ...made }) =>
        remembered(store, 'measured', async () => {
          const noise = { key: fold(key(start), 'measure'), signal: how.signal };
          const kl = await byDensity(made, logEvidence, { ...noise, count: 1_000_000 });
          const { points } = await draws(made, fold(noise.key, 'neighbours'), drawn);
          const { coreSeconds } = made;
          return { start, kl, control: byNeighbours(points, logEvidence), coreSeconds };
        }),
      ),
    );
  const best = found.toSorted((a, b) => a.kl.mean - b.kl.mean)[0];
  how.log(`${name}: KL ${best.kl.mean.toFixed(4)} ± ${best.kl.error.toFixed(4)}`);
  return { ...best, all: found.map(({ kl }) => kl.mean) };
}

/** KL at each checkpoint that training left. */
async function curveOf({ model, store }, seed, { logEvidence }, signal) {
  const { training } = models.avb();
  const like = initialState(model, training, { seed, x: data.shape, ema: false });
  const curve = [];
  try {
    for (const name of checkpointNames(await store.list())) {
      signal.throwIfAborted();
      const checkpoint = decodeCheckpoint(await store.read(name), name);
      const state = stateFrom(checkpoint, like, name);
      const { points } = await draws({ model, params: state.params }, key(seed), onTheWay);
      disposeState(state);
      curve.push({ step: checkpoint.step, kl: byNeighbours(points, logEvidence).mean });
    }
  } finally {
    disposeState(like);
  }
  return curve;
}

/** AVB's posterior of one seed, its way there, and draws to be shown. */
function adversarial(seed, exact, how) {
  return withTrained('avb', seed, how, ({ store, ...made }) =>
    remembered(store, 'measured', async () => {
      how.log(`avb, seed ${seed}: measuring`);
      const noise = fold(key(seed), 'measure');
      const { points } = await draws(made, noise, drawn);
      const { steps, seconds, coreSeconds } = made;
      return {
        seed,
        kl: byNeighbours(points, exact.logEvidence),
        positive: sharePositive(points),
        claimed: exact.logEvidence - (await ownElbo(made, noise)),
        curve: await curveOf({ ...made, store }, seed, exact, how.signal),
        pairs: pairsOf(points),
        steps,
        seconds,
        coreSeconds,
      };
    }),
  );
}

/** The ELBO as the discriminator of the last step has it, with its own noise. */
async function ownElbo({ model, params }, noise) {
  const x = ones([drawn, 1]);
  const elbo = model.elbo(params, { x }, noise);
  const { mean } = estimateOf(await elbo.data());
  elbo.dispose();
  x.dispose();
  return mean;
}

/** The first points' (μ, τ). */
const pairsOf = ({ values }) =>
  Array.from({ length: shown }, (_, row) => [values[row * dim], values[row * dim + 1]]);

export async function run({ seeds = [0, 1, 2], out, log, signal }) {
  const backend = await selectBackend({ backend: 'wasm' });
  const how = { out, log, signal };
  const exact = quadrature();
  const points = exactDraws(key(0), drawn);
  const normals = {
    'mean-field': await bestNormal('mean-field', exact, how),
    'full-rank': await bestNormal('full-rank', exact, how),
  };
  const moments = await remembered(fileStore(join(out, 'moments')), 'moments', () => {
    log('Hamiltonian Monte Carlo');
    return withTrained('full-rank', starts[0], how, (made) =>
      momentsOf(made, exact, exactDraws(key(1), 200_000), { key: key(2), signal }),
    );
  });
  const controls = {
    exact: byNeighbours(points, exact.logEvidence),
    'full-rank': normals['full-rank'].control,
  };
  const avb = [];
  for (const seed of seeds) {
    const found = await adversarial(seed, exact, how);
    log(`avb, seed ${seed}: KL ${found.kl.mean.toFixed(3)}, P(τ > 0) ${found.positive.toFixed(3)}`);
    avb.push(found);
  }

  const pictures = join(root, 'docs', 'reproductions');
  mkdirSync(pictures, { recursive: true });
  const levels = {
    'best mean-field normal': normals['mean-field'].kl.mean,
    'best full-rank normal': normals['full-rank'].kl.mean,
  };
  writeFileSync(
    join(pictures, 'eight-schools-kl.svg'),
    drawCurves(
      avb.map(({ curve }) => curve),
      levels,
    ),
  );
  writeFileSync(
    join(pictures, 'eight-schools.svg'),
    drawPairs([
      { title: `AVB, seed ${avb[0].seed}`, pairs: avb[0].pairs },
      { title: 'exact', pairs: pairsOf(points) },
    ]),
  );
  const found = { exact, normals, moments, controls, avb };
  const checked = gates(found);
  for (const { name, value, required, holds } of checked)
    log(`${name}: ${value.toFixed(4)}, required ${required}: ${holds ? 'holds' : 'MISSED'}`);
  if (checked.some(({ holds }) => !holds)) process.exitCode = 1;
  return {
    markdown: markdown(found, checked, backend),
    json: {
      ...found,
      avb: avb.map((each) => ({ ...each, pairs: undefined })),
      gates: checked,
    },
  };
}
