// The K-sample bound and its gradients in a world of 20 dimensions where log p(x) is known.
//   npm run reproduce -- iwae [--seeds 0] [--json]
import type { IwaeBoundOptions } from '@elbo/iwae';
import { fold, key } from '@elbo/random';
import { exactGap, gaps, gradients, logLogSlope, moments } from '@elbo/testing/worlds/importance';
import { setImmediate as macrotask } from 'node:timers/promises';
import { figure } from '../../common/figures.js';
import { gate, noneMissed, told, within, type Gate } from '../../common/gates.js';
import { around, sayInterval, type Interval } from '../../common/intervals.js';
import { table } from '../../common/tables.js';
import type { Study } from '../../runner/study.js';

/** An estimate of log p(x) − L_K, and what a run of another program found. */
interface Bound {
  readonly samples: number;
  readonly rerun?: string;
  readonly repetitions: number;
}

interface MeasuredBound extends Bound {
  readonly exact: number;
  readonly mean: number;
  readonly error: number;
}

/** A slope of log signal-to-noise over log K. */
interface Slope {
  readonly gradient: NonNullable<IwaeBoundOptions['gradient']>;
  readonly counts: readonly number[];
  readonly repetitions: number;
  readonly expected: number;
}

interface MeasuredSlope extends Slope {
  /** K and the ratio there. */
  readonly points: readonly (readonly [number, number])[];
  readonly slope: number;
}

interface Result {
  readonly bounds: readonly MeasuredBound[];
  readonly slopes: readonly MeasuredSlope[];
}

const bounds: readonly Bound[] = [
  { samples: 1, repetitions: 4_000_000 },
  { samples: 5, rerun: '0.0918 ± 0.0003', repetitions: 8_000_000 },
  { samples: 10, rerun: '0.0459 ± 0.0003', repetitions: 4_000_000 },
  { samples: 50, rerun: '0.0082 ± 0.0005', repetitions: 1_000_000 },
];
/** How near an estimate must be, as a share of what is exact. */
const share = 0.05;

const slopes: readonly Slope[] = [
  { gradient: 'standard', counts: [4, 8, 16, 32, 64], repetitions: 20_000, expected: -0.5 },
  { gradient: 'dreg', counts: [64, 128, 256, 512, 1024], repetitions: 2_000, expected: 0.5 },
];
const slopeTolerance = 0.1;
/** Coordinates of the gradient, which are alike, so that each repetition draws as many. */
const dimensions = 20;

/** What is drawn in blocks that fit into memory, with time for signals between them. */
async function inBlocks<T>(
  total: number,
  rows: number,
  signal: AbortSignal,
  draw: (begin: number, count: number) => T,
): Promise<readonly T[]> {
  const parts: T[] = [];
  for (let begin = 0; begin < total; begin += rows) {
    await macrotask();
    signal.throwIfAborted();
    parts.push(draw(begin, Math.min(rows, total - begin)));
  }
  return parts;
}

/** Mean and standard error of many estimates, from the sums of their blocks. */
async function gapOf(
  { samples, repetitions }: Bound,
  seed: number,
  signal: AbortSignal,
): Promise<{ readonly mean: number; readonly error: number }> {
  const noise = fold(fold(key(seed), 'gap'), samples);
  const rows = Math.floor(500_000 / samples);
  const blocks = await inBlocks(repetitions, rows, signal, (begin, count) => {
    const found = gaps({ samples }, { key: fold(noise, begin), rows: count });
    return { sum: found.reduce((a, b) => a + b, 0), squares: found.reduce((a, b) => a + b * b, 0) };
  });
  const total = (name: 'sum' | 'squares'): number =>
    blocks.reduce((sum, block) => sum + block[name], 0) / repetitions;
  const mean = total('sum');
  return { mean, error: Math.sqrt((total('squares') - mean * mean) / repetitions) };
}

/** |mean| / sd of the gradient of a coordinate of the posterior's mean; the 20 coordinates are alike. */
async function signalOf(
  { gradient, repetitions }: Slope,
  samples: number,
  seed: number,
  signal: AbortSignal,
): Promise<number> {
  const noise = fold(fold(fold(key(seed), gradient), 'signal'), samples);
  const rows = Math.floor(50_000 / samples);
  const blocks = await inBlocks(repetitions, rows, signal, (begin, count) => [
    ...gradients({ samples, gradient }, { key: fold(noise, begin), rows: count }).mean,
  ]);
  const { mean, deviation } = moments(blocks.flat());
  return Math.abs(mean) / deviation;
}

const boundGate = ({ samples, mean, error, exact }: MeasuredBound): Gate =>
  gate(`gap at K = ${samples}`, around(mean, 1.96 * error), within(exact, share * exact));

/**
 * A slope, and what the draws leave open of it: a ratio r of n independent draws has the variance (1 + r²/2)/n, and the slope is a
 * sum of logarithms of ratios.
 */
function slopeInterval({ points, slope, repetitions }: MeasuredSlope): Interval {
  const logs = points.map(([samples]) => Math.log(samples));
  const middle = logs.reduce((a, b) => a + b, 0) / logs.length;
  const squares = logs.reduce((sum, log) => sum + (log - middle) ** 2, 0);
  const variance = points.reduce((sum, [, ratio], i) => {
    const ofLog = (1 + ratio ** 2 / 2) / (repetitions * dimensions) / ratio ** 2;
    return sum + ((logs[i]! - middle) / squares) ** 2 * ofLog;
  }, 0);
  return around(slope, 1.96 * Math.sqrt(variance));
}

const slopeGate = (found: MeasuredSlope): Gate =>
  gate(`slope of ${found.gradient}`, slopeInterval(found), within(found.expected, slopeTolerance));

const flags = {};

export const importanceBounds: Study<Result, typeof flags> = {
  summary: 'the gap of the importance-weighted bound and the signal of its gradients',
  seeds: [0],
  flags,

  async run({ seeds, log, signal }) {
    const seed = seeds[0]!;
    const measured: MeasuredBound[] = [];
    for (const bound of bounds) {
      const found = await gapOf(bound, seed, signal);
      const exact = exactGap(bound.samples);
      measured.push({ ...bound, exact, ...found });
      log(`K = ${bound.samples}: ${found.mean} ± ${found.error}, exactly ${exact}`);
    }
    const found: MeasuredSlope[] = [];
    for (const slope of slopes) {
      const points: (readonly [number, number])[] = [];
      for (const samples of slope.counts)
        points.push([samples, await signalOf(slope, samples, seed, signal)]);
      const value = logLogSlope(points);
      found.push({ ...slope, points, slope: value });
      log(`${slope.gradient}: slope ${value}`);
    }
    return {
      result: { bounds: measured, slopes: found },
      holds: noneMissed([...measured.map(boundGate), ...found.map(slopeGate)]),
    };
  },

  page: ({ bounds: measured, slopes: found }) =>
    [
      '## Importance-weighted bounds',
      `z ~ N(0, I) in 20 dimensions, x|z ~ N(z, I), q(z|x) = N(x/2, ⅔ I): log p(x) − L_K in nats, ± one standard error; what is exact is by quadrature, and holds when the interval of 95 % is within ${100 * share} % of it.`,
      table(
        ['K', 'exact', 'here', 'estimates', 'another program', ''],
        measured.map((found) => {
          const { samples, exact, rerun, mean, error, repetitions } = found;
          return [
            samples,
            figure(exact, 5),
            `**${figure(mean, 5)} ± ${figure(error, 5)}**`,
            repetitions,
            rerun ?? '',
            told(boundGate(found).verdict),
          ];
        }),
      ),
      "The signal-to-noise ratio of the encoder's gradient, |mean| / standard deviation of a coordinate, with the posterior's mean off by 0.1 in each (Rainforth et al. 2018; Tucker et al. 2018):",
      table(
        [
          'gradient',
          'signal-to-noise at K',
          'slope of its logarithm over log K',
          'must be',
          'gradients',
          '',
        ],
        found.map((of) => {
          const { gradient, points, expected, repetitions } = of;
          return [
            gradient,
            points.map(([k, value]) => `${k}: ${figure(value, 3)}`).join(', '),
            `**${sayInterval(slopeInterval(of), 3)}**`,
            `${figure(expected, 1)} ± ${slopeTolerance}`,
            repetitions,
            told(slopeGate(of).verdict),
          ];
        }),
      ),
    ].join('\n\n'),
};
