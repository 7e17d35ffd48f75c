// What a constant and an annealed weight of the KL leave of the code of a sequence.
//   npm run reproduce -- annealing [--seeds 0,1,2] [--weights constant,cyclical] [--steps 2000] [--json]
import { cyclical, standardNormal, type Schedule } from '@elbo/core';
import { words } from '@elbo/datasets';
import { sequenceDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { activeUnits, information } from '@elbo/evaluation';
import { gru } from '@elbo/networks';
import { adam, chain, clipByGlobalNorm } from '@elbo/optimisers';
import { key } from '@elbo/random';
import { validate } from '@elbo/training';
import { vae } from '@elbo/vae';
import { mean, settingsUntold } from '../../common/figures.js';
import { atLeast, gate, noneMissed, sayGates, type Gate } from '../../common/gates.js';
import { overSeeds, sayInterval, seedsToTell } from '../../common/intervals.js';
import { onRows, rowNumbers } from '../../common/rows.js';
import { table } from '../../common/tables.js';
import { UsageError } from '../../runner/command_line.js';
import type { Setting } from '../../runner/setting.js';
import type { Context, Study } from '../../runner/study.js';
import { withTrained } from '../../runner/trained.js';

const latent = 16;
const units = 64;
const batchSize = 64;
/** Held-out words: all for the ELBO, the first of them for what takes time that grows as their square. */
const held = { all: 2000, some: 500 };

/** The weights of the KL: as it is in the ELBO; raised to that four times, each over half a cycle. */
const weights: Readonly<Record<string, (steps: number) => number | Schedule>> = {
  constant: () => 1,
  cyclical: (steps) => cyclical({ to: 1, period: steps / 4 }),
};

interface Found {
  readonly weight: string;
  readonly seed: number;
  /** In nats, on all held-out words. */
  readonly elbo: number;
  readonly kl: number;
  /** Active units. */
  readonly units: number;
  /** Bounds of I(x; z), in nats. */
  readonly lower: number;
  readonly upper: number;
  readonly coreSeconds: number;
}

interface Result {
  readonly steps: number;
  readonly byWeight: Readonly<Record<string, readonly Found[]>>;
}

function settingOf(weight: string, steps: number): Setting {
  const data = words();
  return {
    data,
    model: vae({
      prior: standardNormal(latent),
      encoder: gaussianEncoder({ network: gru({ units }), latent }),
      decoder: sequenceDecoder({ shape: data.shape, units }),
      beta: weights[weight]!(steps),
    }),
    training: { steps, batchSize, primal: chain(clipByGlobalNorm(200), adam(2e-3)) },
  };
}

/** Trains one model, and measures on held-out words what z has of x. */
function found(weight: string, steps: number, seed: number, context: Context): Promise<Found> {
  const setting = settingOf(weight, steps);
  return withTrained(weight, setting, { ...context, seed }, async (trained) => {
    const { model, params, coreSeconds } = trained;
    const test = words({ split: 'test', size: held.all });
    const { elbo, kl } = await validate(model, params, test, { signal: context.signal });
    return onRows(test, rowNumbers(held.some), async (batch) => {
      const { lower, upper } = await information(model, params.primal, batch, { key: key(1) });
      return {
        weight,
        seed,
        elbo: elbo!,
        kl: kl!,
        units: await activeUnits(model, params, batch, key(2)),
        lower: lower.mean,
        upper: upper.mean,
        coreSeconds,
      };
    });
  });
}

type Figure = Exclude<keyof Found, 'weight'>;
const figures = (results: readonly Found[], figure: Figure): readonly number[] =>
  results.map((each) => each[figure]);

const shown: readonly (readonly [string, Figure, number])[] = [
  ['active units', 'units', 1],
  ['I(x; z) at least', 'lower', 2],
  ['at most', 'upper', 2],
  ['KL', 'kl', 2],
  ['ELBO', 'elbo', 2],
];

/** What the cyclical weight adds to a figure of the constant one, seed by seed. */
function gained({ byWeight: { constant, cyclical } }: Result, figure: Figure): readonly number[] {
  if (!constant || !cyclical) return [];
  return cyclical.map((each, i) => each[figure] - constant[i]![figure]);
}

/** What Fu et al. 2019 report of language models, of which the ELBO is none. */
function gatesOf(result: Result): readonly Gate[] {
  const rise = (name: string, figure: Figure): readonly Gate[] => {
    const values = gained(result, figure);
    return values.length === 0 ? [] : [gate(name, overSeeds(values), atLeast(0))];
  };
  return [...rise('rise of I(x; z)', 'lower'), ...rise('rise of the active units', 'units')];
}

/** What happened to the ELBO, which nothing is required of. */
function ofElbo(result: Result): string {
  const values = gained(result, 'elbo');
  const interval = overSeeds(values);
  const worse = values.filter((value) => value < 0).length;
  const verdict = atLeast(0).verdict(interval);
  return [
    `The ELBO got worse in ${worse} of ${values.length} runs, by ${sayInterval({ mean: -interval.mean, low: -interval.high, high: -interval.low }, 3)} on the mean.`,
    verdict === 'missed'
      ? 'What z has gained in information, the bound has lost.'
      : `So many seeds do not tell whether it is worse in general; about ${seedsToTell(values)} would.`,
  ].join(' ');
}

const flags: Readonly<Record<'weights' | 'steps', string>> = {
  weights: Object.keys(weights).join(','),
  steps: '2000',
};

export const annealing: Study<Result, typeof flags> = {
  summary: 'cyclical against constant weights of the KL on sequences (Fu et al. 2019)',
  seeds: Array.from({ length: 20 }, (_, seed) => seed),
  flags,
  methods: 'weights',

  async run({ seeds, values, ...context }) {
    const steps = Number(values.steps);
    const byWeight: Record<string, readonly Found[]> = {};
    for (const weight of values.weights.split(',')) {
      if (!weights[weight])
        throw new UsageError(
          `No weight '${weight}': there are ${Object.keys(weights).join(', ')}.`,
        );
      const results: Found[] = [];
      for (const seed of seeds) {
        const each = await found(weight, steps, seed, context);
        context.log(
          `${weight}, seed ${seed}: ELBO ${each.elbo.toFixed(2)}, KL ${each.kl.toFixed(2)}, ${each.units} active units, I(x; z) ${each.lower.toFixed(2)} to ${each.upper.toFixed(2)}`,
        );
        results.push(each);
      }
      byWeight[weight] = results;
    }
    const result = { steps, byWeight };
    return { result, holds: noneMissed(gatesOf(result)) };
  },

  page: (result) =>
    [
      '## Annealing',
      `VAEs of the words of \`@elbo/datasets\` with a recurrent decoder that sees the true letters before each (GRU of ${units}, no word dropout), which can do without a code: ${latent} latent dimensions, ${result.steps} steps of ${batchSize}. The weight of the KL is 1 throughout, or rises from 0 to 1 over half of each of four cycles (Fu et al. 2019). Both end at 1, so that in the end the ELBO is what they maximise. ${settingsUntold} On held-out words, in nats, mean over seeds and its interval of 95 % (Student’s t): active units (Burda et al. 2015), bounds of I(x; z) by the mixture of ${held.some} posteriors.`,
      table(
        ['weight', 'active units, by seed', ...shown.map(([title]) => title), 'seconds of a core'],
        [
          ...Object.entries(result.byWeight).map(([weight, results]) => [
            weight,
            figures(results, 'units').join(', '),
            ...shown.map(([, figure, digits]) =>
              sayInterval(overSeeds(figures(results, figure)), digits),
            ),
            mean(figures(results, 'coreSeconds')).toFixed(0),
          ]),
          [
            'cyclical less constant, by seed',
            gained(result, 'units').join(', '),
            ...shown.map(([, figure, digits]) =>
              sayInterval(overSeeds(gained(result, figure)), digits),
            ),
            '',
          ],
        ],
      ),
      `Fu et al. 2019 report more use of z. ${sayGates(gatesOf(result), 2)}`,
      ofElbo(result),
    ].join('\n\n'),
};
