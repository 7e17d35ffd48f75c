// Modes that GANs find on a ring of 8 and a grid of 25 Gaussians, by game and penalty.
//   npm run reproduce -- gan [--sets ring,grid] [--seeds 0,1,2] [--json]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selectBackend } from '@elbo/backends';
import { key } from '@elbo/random';
import { fileStore } from '@elbo/files';
import { train } from '@elbo/training';
import { mean, spread } from '../lib/spread.mjs';
import { root } from '../lib/workspace.mjs';
import { clockFrom } from './four-pixels/clock.mjs';
import { remembered } from './four-pixels/remembered.mjs';
import { fingerprint } from './four-pixels/settings.mjs';
import { countModes } from './gan/modes.mjs';
import { drawPanels } from './gan/picture.mjs';
import { games, recipeOf, sets } from './gan/settings.mjs';

export const summary =
  'modes that GANs find on a ring and a grid of Gaussians, by game and penalty';

const drawn = 10_000;
const shown = 400;

/** Trains one model and counts what its averaged generator finds. */
async function trained({ model, training }, data, { seed, signal }) {
  const clock = clockFrom();
  const run = train(model, data, { ...training, seed, every: training.steps, signal });
  try {
    // eslint-disable-next-line no-unused-vars -- a run goes on while it is iterated
    for await (const _ of run);
    signal.throwIfAborted();
    const spent = clock();
    const made = model.sample(run.state.ema, key(seed), drawn);
    const samples = await made.data();
    made.dispose();
    return { ...spent, ...countModes(samples, data), points: [...samples.slice(0, 2 * shown)] };
  } finally {
    run.dispose();
  }
}

function row({ name, runs }) {
  const of = (figure) => runs.map((run) => run[figure]);
  const cells = [
    name,
    `${of('found').join(', ')} of ${runs[0].of}`,
    spread(of('good'), 3),
    `${Math.min(...of('least')).toFixed(2)} to ${Math.max(...of('most')).toFixed(2)}`,
    mean(of('coreSeconds')).toFixed(0),
  ];
  return `| ${cells.join(' | ')} |`;
}

function section(set, results) {
  const { data, hidden, steps } = sets[set];
  const { modes, sd, size, config } = data();
  const distance =
    set === 'ring' ? `on a circle of radius ${config.radius}` : `${config.spacing} apart`;
  return [
    `### ${set === 'ring' ? 'A ring' : 'A grid'} of ${modes.length / 2}`,
    '',
    `Gaussians of σ = ${sd}, ${distance}; ${size} rows; ${steps} steps; both networks ${hidden.join('-')}.`,
    '',
    '| game and penalty | modes found, by seed | good samples | samples a mode has, relative | seconds of a core |',
    '| --- | --- | --- | --- | --- |',
    ...results.map(row),
    '',
    `![Samples on the ${set}](reproductions/gan-${set}.svg)`,
  ].join('\n');
}

export async function run({ seeds = [0, 1, 2], out, log, argv, signal }) {
  const { values } = parseArgs({ args: argv, options: { sets: { type: 'string' } } });
  const { name: backend } = await selectBackend({ backend: 'wasm' });
  const pictures = join(root, 'docs', 'reproductions');
  mkdirSync(pictures, { recursive: true });
  const found = {};
  for (const set of values.sets?.split(',') ?? Object.keys(sets)) {
    const data = sets[set].data();
    found[set] = [];
    for (const setting of games) {
      const recipe = recipeOf(sets[set], setting);
      const runs = [];
      for (const seed of seeds) {
        const store = fileStore(join(out, `${set}-${seed}-${fingerprint(recipe)}`));
        const made = await remembered(store, 'run', () => trained(recipe, data, { seed, signal }));
        log(
          `${set}, ${setting.name}, seed ${seed}: ${made.found} of ${made.of} modes, ${(100 * made.good).toFixed(1)} % good, ${made.coreSeconds.toFixed(0)} s`,
        );
        runs.push({ seed, ...made });
      }
      found[set].push({ name: setting.name, runs });
    }
    const panels = found[set].map(({ name, runs }) => ({
      title: name,
      points: runs[0].points,
      modes: [...data.modes],
    }));
    const title = `${shown} samples of each GAN on the ${set}; circles are the modes`;
    writeFileSync(join(pictures, `gan-${set}.svg`), drawPanels(panels, { title }));
  }
  const markdown = [
    '## Modes of GANs',
    '',
    `A mode is found when one sample of ${drawn} at least is within 3σ of its mean; a sample is good when it is within 3σ of some mode (98.9 % of the data are); means and standard deviations over the seeds ${seeds.join(', ')}. z ~ N(0, I₂); leaky relu; batches of 128; Adam (β₁ = .5) from 2e-3 down a cosine; samples of averaged parameters. R1 has γ = .02, the gradient penalty λ = .2 and target 1; the Wasserstein critic steps twice. The relative number of samples is 1 for a mode that has its even share; the least and the most over modes and seeds are given. In the pictures are 400 samples of the first seed.`,
    '',
    ...Object.entries(found).map(([set, results]) => `${section(set, results)}\n`),
    `Backend: ${backend}.`,
  ].join('\n');
  const json = Object.fromEntries(
    Object.entries(found).map(([set, results]) => [
      set,
      results.map(({ name, runs }) => ({
        name,
        runs: runs.map((run) => ({ ...run, points: undefined })),
      })),
    ]),
  );
  return { markdown, json };
}
