// Two-sample tests: p-values where two samples are of one distribution, and where they are not.
import { classifierTest, mmdTest, slicedWassersteinTest } from '@elbo/evaluation';
import { fold, key, uniform } from '@elbo/random';
import { repeated } from './coverage.mjs';
import { gaussianPoints } from './gaussians.mjs';

const permutations = 99;
const [repetitions, powerRepetitions] = [200, 100];
const [small, large] = [30, 40];
/** Of one of two coordinates, in standard deviations; detected at this level. */
const [shift, level] = [1, 0.05];

const tests = {
  mmdTest: (p, q, options) => mmdTest(p, q, options),
  slicedWassersteinTest: (p, q, options) =>
    slicedWassersteinTest(p, q, { ...options, directions: 20 }),
  classifierTest: (p, q, options) => classifierTest(p, q, { ...options, steps: 20, batchSize: 16 }),
};

/** P(D > d) of the Kolmogorov–Smirnov statistic of n uniform values (Stephens 1970). */
function kolmogorov(statistic, n) {
  const x = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * statistic;
  let sum = 0;
  for (let k = 1; k < 100; k++) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * x * x);
  return Math.min(1, Math.max(0, sum));
}

/** How far values are from uniform ones. */
function uniformity(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  const statistic = Math.max(
    ...sorted.map((value, i) => Math.max((i + 1) / n - value, value - i / n)),
  );
  return { statistic, p: kolmogorov(statistic, n) };
}

async function ofTest(name, { log, signal }) {
  log(name);
  const at = (i, mean) => {
    const noise = fold(fold(key(i), 'two samples'), name);
    const p = gaussianPoints(fold(noise, 'p'), small, { mean: [0, 0] });
    const q = gaussianPoints(fold(noise, 'q'), large, { mean: [mean, 0] });
    return tests[name](p, q, { key: fold(noise, 'test'), permutations });
  };
  const equal = await repeated(repetitions, signal, async (i) => {
    const { p } = await at(i, 0);
    // A p-value is one of a hundred steps; a number within its step makes it uniform exactly.
    return p - uniform(fold(fold(key(i), 'within'), name), 1)[0] / (permutations + 1);
  });
  const apart = await repeated(
    powerRepetitions,
    signal,
    async (i) => (await at(1000 + i, shift)).p,
  );
  const { statistic, p } = uniformity(equal);
  const power = apart.filter((value) => value <= level).length / powerRepetitions;
  const falseAlarms = equal.filter((value) => value <= level).length / repetitions;
  // A pair of equal distributions is beyond .001 once in a thousand runs.
  return { name, repetitions, statistic, p, falseAlarms, power, holds: p > 0.001 && power > 0.5 };
}

export async function twoSamples(how) {
  const rows = [];
  for (const name of Object.keys(tests)) rows.push(await ofTest(name, how));
  return { rows, small, large, shift, permutations, powerRepetitions };
}
