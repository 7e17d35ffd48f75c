// Two-sample tests: p-values where two samples are of one distribution, and where they are not.
import {
  classifierTest,
  mmdTest,
  slicedWassersteinTest,
  type PermutationOptions,
  type Points,
  type TwoSampleTest,
} from '@elbo/evaluation';
import { fold, key, uniform } from '@elbo/random';
import type { Context } from '../../runner/study.js';
import { repeated } from './coverage.js';
import { gaussianPoints } from './gaussians.js';

/** How far values are from uniform ones, and how often a distance as large is chance. */
interface Uniformity {
  readonly statistic: number;
  readonly p: number;
}

/** One test on pairs of equal distributions, and of ones that are apart. */
interface TestRow extends Uniformity {
  readonly name: string;
  readonly repetitions: number;
  readonly falseAlarms: number;
  readonly power: number;
  readonly holds: boolean;
}

export interface TwoSamples {
  readonly rows: readonly TestRow[];
  readonly small: number;
  readonly large: number;
  readonly shift: number;
  readonly permutations: number;
  readonly powerRepetitions: number;
}

type How = Pick<Context, 'log' | 'signal'>;

const permutations = 99;
const repetitions = 200;
const powerRepetitions = 100;
const small = 30;
const large = 40;
/** Of one of two coordinates, in standard deviations; detected at this level. */
const shift = 1;
const level = 0.05;

const tests: Readonly<
  Record<
    string,
    (p: Points, q: Points, options: PermutationOptions) => TwoSampleTest | Promise<TwoSampleTest>
  >
> = {
  mmdTest: (p, q, options) => mmdTest(p, q, options),
  slicedWassersteinTest: (p, q, options) =>
    slicedWassersteinTest(p, q, { ...options, directions: 20 }),
  classifierTest: (p, q, options) => classifierTest(p, q, { ...options, steps: 20, batchSize: 16 }),
};

/** P(D > d) of the Kolmogorov–Smirnov statistic of n uniform values (Stephens 1970). */
function kolmogorov(statistic: number, n: number): number {
  const x = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * statistic;
  let sum = 0;
  for (let k = 1; k < 100; k++) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

function uniformity(values: readonly number[]): Uniformity {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const statistic = Math.max(
    ...sorted.map((value, i) => Math.max((i + 1) / n - value, value - i / n)),
  );
  return { statistic, p: kolmogorov(statistic, n) };
}

async function ofTest(name: string, { log, signal }: How): Promise<TestRow> {
  log(name);
  const at = async (i: number, mean: number): Promise<number> => {
    const noise = fold(fold(key(i), 'two samples'), name);
    const p = gaussianPoints(fold(noise, 'p'), small, { mean: [0, 0] });
    const q = gaussianPoints(fold(noise, 'q'), large, { mean: [mean, 0] });
    return (await tests[name]!(p, q, { key: fold(noise, 'test'), permutations })).p;
  };
  const equal = await repeated(repetitions, signal, async (i) => {
    const p = await at(i, 0);
    // A p-value is one of a hundred steps; a number within its step makes it uniform exactly.
    return p - uniform(fold(fold(key(i), 'within'), name), 1)[0]! / (permutations + 1);
  });
  const apart = await repeated(powerRepetitions, signal, (i) => at(1000 + i, shift));
  const { statistic, p } = uniformity(equal);
  const power = apart.filter((value) => value <= level).length / powerRepetitions;
  const falseAlarms = equal.filter((value) => value <= level).length / repetitions;
  // A pair of equal distributions is beyond .001 once in a thousand runs.
  return { name, repetitions, statistic, p, falseAlarms, power, holds: p > 0.001 && power > 0.5 };
}

export async function twoSamples(how: How): Promise<TwoSamples> {
  const rows: TestRow[] = [];
  for (const name of Object.keys(tests)) rows.push(await ofTest(name, how));
  return { rows, small, large, shift, permutations, powerRepetitions };
}
