// Modes that GANs find on a ring of 8 and a grid of 25 Gaussians, by game and penalty.
//   npm run reproduce -- gan [--sets ring,grid] [--games penalty,r1] [--seeds 0,1,2] [--json]
import { key } from '@elbo/random';
import { mean, settingsUntold } from '../../common/figures.js';
import { overSeeds, sayInterval } from '../../common/intervals.js';
import { picture, table } from '../../common/tables.js';
import type { Spent } from '../../runner/clock.js';
import { UsageError } from '../../runner/command_line.js';
import { remembered } from '../../runner/remembered.js';
import type { Setting } from '../../runner/setting.js';
import type { Context, Study } from '../../runner/study.js';
import { withTrained } from '../../runner/trained.js';
import { countModes, type Modes } from './modes.js';
import { drawPanels } from './picture.js';
import { games, settingOf, sets, type Rules } from './settings.js';

const drawn = 10_000;
const shown = 400;

interface Run extends Modes, Spent {
  readonly seed: number;
}

interface Game {
  readonly name: string;
  readonly runs: readonly Run[];
}

/** The games by set. */
type Result = Readonly<Record<string, readonly Game[]>>;

/** Trains one model and counts what its averaged generator finds; some of the points, to be shown. */
function found(
  name: string,
  setting: Setting,
  seed: number,
  context: Context,
): Promise<{ readonly run: Run; readonly points: readonly number[] }> {
  const { modes, sd } = sets[name]!.data();
  return withTrained(name, setting, { ...context, seed }, (trained) => {
    const { model, params, seconds, coreSeconds, store } = trained;
    return remembered(store, 'found', async () => {
      const made = model.sample(params.primal, key(seed), drawn);
      const samples = await made.data<'float32'>();
      made.dispose();
      const run = { seed, ...countModes(samples, { modes, sd }), seconds, coreSeconds };
      return { run, points: [...samples.slice(0, 2 * shown)] };
    });
  });
}

function section(set: string, results: readonly Game[]): string {
  const { data, layout, hidden, steps } = sets[set]!;
  const { modes, sd, size } = data();
  return [
    `### A ${set} of ${modes.length / 2}`,
    `Gaussians of σ = ${sd}, ${layout}; ${size} rows; ${steps} steps; both networks ${hidden.join('-')}.`,
    table(
      [
        'game and penalty',
        'modes found, by seed',
        'good samples',
        'samples a mode has, relative',
        'seconds of a core',
      ],
      results.map(({ name, runs }) => {
        const of = (figure: keyof Run): readonly number[] => runs.map((run) => run[figure]);
        return [
          name,
          `${of('found').join(', ')} of ${runs[0]!.of}`,
          sayInterval(overSeeds(of('good')), 3),
          `${Math.min(...of('least')).toFixed(2)} to ${Math.max(...of('most')).toFixed(2)}`,
          mean(of('coreSeconds')).toFixed(0),
        ];
      }),
    ),
    picture(`Samples on the ${set}`, `gan-${set}.svg`),
  ].join('\n\n');
}

function gameOf(id: string): Rules {
  const game = games.find((each) => each.id === id);
  if (!game)
    throw new UsageError(`No game '${id}': there are ${games.map((each) => each.id).join(', ')}.`);
  return game;
}

const flags: Readonly<Record<'sets' | 'games', string>> = {
  sets: 'ring,grid',
  games: games.map(({ id }) => id).join(','),
};

export const gans: Study<Result, typeof flags> = {
  summary: 'modes that GANs find on a ring and a grid of Gaussians, by game and penalty',
  seeds: [0, 1, 2, 3, 4],
  flags,
  methods: 'games',

  async run({ seeds, values, ...context }) {
    const result: Record<string, readonly Game[]> = {};
    const pictures: Record<string, string> = {};
    const chosen = values.games.split(',').map(gameOf);
    for (const set of values.sets.split(',')) {
      const { modes } = sets[set]!.data();
      const panels = [];
      const results: Game[] = [];
      for (const game of chosen) {
        const setting = settingOf(sets[set]!, game);
        const runs: Run[] = [];
        for (const seed of seeds) {
          const { run, points } = await found(set, setting, seed, context);
          context.log(
            `${set}, ${game.name}, seed ${seed}: ${run.found} of ${run.of} modes, ${(100 * run.good).toFixed(1)} % good, ${run.coreSeconds.toFixed(0)} s`,
          );
          if (runs.length === 0) panels.push({ title: game.name, points, modes: [...modes] });
          runs.push(run);
        }
        results.push({ name: game.name, runs });
      }
      result[set] = results;
      const title = `${shown} samples of each GAN on the ${set}; circles are the modes`;
      pictures[`gan-${set}.svg`] = drawPanels(panels, { title });
    }
    return { result, pictures, holds: true };
  },

  page: (result) => {
    const seeds = Object.values(result)[0]![0]!.runs.map(({ seed }) => seed);
    return [
      '## Modes of GANs',
      `A mode is found when one sample of ${drawn} at least is within 3σ of its mean; a sample is good when it is within 3σ of some mode (98.9 % of the data are); means over the seeds ${seeds.join(', ')}, with intervals of 95 % over seeds (Student’s t). ${settingsUntold} z ~ N(0, I₂); leaky relu; batches of 128; Adam (β₁ = .5) from 2e-3 down a cosine; samples of averaged parameters. R1 has γ = .02, the gradient penalty λ = .2 and target 1; the Wasserstein critic steps twice. The relative number of samples is 1 for a mode that has its even share; the least and the most over modes and seeds are given. In the pictures are 400 samples of the first seed.`,
      ...Object.entries(result).map(([set, results]) => section(set, results)),
      'Backend: wasm.',
    ].join('\n\n');
  },
};
