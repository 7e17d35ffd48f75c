import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { anomalyScores, judgeScores, typicality, withoutComplexity } from '../src/index.js';
import { exact, meanOf, params, someRows, worldOf } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

describe('anomalyScores', () => {
  it('of the exact posterior: −ELBO is −log p(x), and the reconstruction less by the KL', async () => {
    const { x, rows } = await someRows(40);
    const before = memory().numTensors;
    const found = await anomalyScores(
      worldOf(),
      { primal: params, dual: {} },
      { x },
      { key: key(1), draws: 100, samples: 20 },
    );
    expect(memory().numTensors).toBe(before);
    const truth = rows.map((row) => -exact.logProb(row));
    rows.forEach((_, i) => {
      // Every importance weight of the exact posterior is p(x).
      expect(found.likelihood[i]).toBeCloseTo(truth[i]!, 4);
    });
    // One draw's log p(x|z) has a standard deviation of about √(d/2) = 1.4; over 40 rows of 100 draws that is .022.
    expect(Math.abs(meanOf(found.elbo!) - meanOf(truth))).toBeLessThan(0.09);
    expect(meanOf(found.reconstruction)).toBeLessThan(meanOf(found.elbo!));
    x.dispose();
  });
});

describe('judgeScores', () => {
  const scores = (seed: number, shift: number): Float64Array =>
    Float64Array.from(normal(key(seed), 4000), (value) => value + shift);
  const [calibration, same] = [scores(1, 0), scores(2, 0)];

  it('keeps its promise on normal rows, and finds what its power says', () => {
    const { falseAlarms, found, auroc, aupr } = judgeScores(
      { calibration, normal: same, anomalies: scores(3, 2) },
      0.05,
    );
    // The share above is random by the calibration rows and by these: √2 standard errors.
    expect(Math.abs(falseAlarms.mean - 0.05)).toBeLessThan(4 * Math.SQRT2 * falseAlarms.error);
    // P(Z + 2 > 1.645) = .639, and P(Z + 2 > Z') = Φ(2/√2) = .921.
    expect(Math.abs(found.mean - 0.639)).toBeLessThan(0.04);
    expect(Math.abs(auroc.mean - 0.921)).toBeLessThan(4 * auroc.error);
    expect(aupr).toBeGreaterThan(0.9);
  });

  it('typicality finds rows that are too likely, which the score itself calls normal', () => {
    const anomalies = scores(3, 0).map((value) => value * 0.1 - 3);
    const plain = judgeScores({ calibration, normal: same, anomalies });
    expect(plain.auroc.mean).toBeLessThan(0.05);
    const either = (values: Float64Array): Float64Array => typicality(calibration, values);
    const typical = judgeScores({
      calibration: either(calibration),
      normal: either(same),
      anomalies: either(anomalies),
    });
    expect(typical.auroc.mean).toBeGreaterThan(0.95);
    expect(typical.found.mean).toBeGreaterThan(0.95);
  });

  it('complexity is taken off row by row', () => {
    expect([...withoutComplexity(Float64Array.of(5, 7), [2, 10])]).toEqual([3, -3]);
  });
});
