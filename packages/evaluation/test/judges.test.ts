// What is made of discriminators whose log-odds are known.
import { adversarialKl } from '@elbo/avb';
import { disposeTree, standardNormal, type Params } from '@elbo/core';
import type { PairNetwork } from '@elbo/discriminators';
import '@elbo/gradients';
import {
  compose,
  reconstruction,
  type Encoder,
  type Model,
  type PosteriorOf,
} from '@elbo/objectives';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  log,
  memory,
  moments,
  mul,
  reshape,
  scalar,
  setBackend,
  sub,
  sum,
  tensor1d,
  tensor2d,
  zerosLike,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  aggregateKl,
  annealedLikelihood,
  diagnose,
  estimateOf,
  findCollapse,
  information,
  localElbo,
  logLikelihood,
  posteriorDraws,
  simulate,
  unitVariances,
} from '../src/index.js';
import { judgedBy } from '../src/diagnosis/by_discriminators.js';
import { boundsOfCopies, overCopies } from '../src/diagnosis/bounds_of_copies.js';
import { contrastNoise } from '../src/diagnosis/contrast_noise.js';
import { entropyOfRows } from '../src/diagnosis/entropy.js';
import {
  byBounds,
  byEntropy,
  byFreshDiscriminators,
  byLikelihood,
} from '../src/diagnosis/evidence.js';
import { fitDiscriminator } from '../src/diagnosis/fit.js';
import { copiesOf, judgeByFreshDraws } from '../src/diagnosis/fresh_draws.js';
import { meanOverRows, rowsOf, studentQuantile } from '../src/diagnosis/mean_over_rows.js';
import { probe } from '../src/diagnosis/probe.js';
import { reliabilityOf } from '../src/diagnosis/reliability.js';
import { decoder, encoderOf, exact, meanOf, params as primal, someRows } from './world.js';

beforeAll(() => setBackend('cpu'));

/** T = its parameter, whatever x and z. */
const constant: PairNetwork = {
  config: { kind: 'constant' },
  init: () => ({ params: { odds: scalar(0) }, output: [1] }),
  apply: ({ odds }, _mode, _x, z) => {
    const at = sum(z, 1, true);
    return add(zerosLike(at), odds as ReturnType<typeof scalar>);
  },
};
/** T = its parameter times the sum of z. */
const sloping: PairNetwork = {
  ...constant,
  config: { kind: 'sloping' },
  apply: ({ odds }, _mode, _x, z) => mul(sum(z, 1, true), odds as ReturnType<typeof scalar>),
};
const worldAt = (scale: number, discriminator = constant): Model =>
  compose({
    prior: standardNormal(2),
    encoder: encoderOf(scale),
    decoder,
    terms: [reconstruction(), adversarialKl({ discriminator })],
  });
const odds = (value: number): Params => ({ odds: scalar(value) });

describe('the reliability of log-odds', () => {
  const log = (p: number): number => Math.log(p / (1 - p));

  it('compares what they predict with what is so, bin by bin', () => {
    // In the bin of .8 to .9 three of four are right; in that of 0 to .1 one of two.
    const found = reliabilityOf(
      Float64Array.of(log(0.82), log(0.84), log(0.86), log(0.05)),
      Float64Array.of(log(0.88), log(0.03)),
    );
    expect(found.curve).toHaveLength(2);
    const [low, high] = found.curve;
    expect(low!.predicted).toBeCloseTo(0.04, 12);
    expect([low!.observed, low!.share]).toEqual([0.5, 2 / 6]);
    expect(high!.predicted).toBeCloseTo(0.85, 12);
    expect([high!.observed, high!.share]).toEqual([0.75, 4 / 6]);
    expect(found.error).toBeCloseTo((2 / 6) * 0.46 + (4 / 6) * 0.1, 12);
    expect(found.accuracy).toBeCloseTo(0.5 * (3 / 4 + 1 / 2), 12);
  });

  it('is none where the log-odds are 0, and whole where they are endless', () => {
    const none = reliabilityOf(new Float64Array(3), new Float64Array(3));
    expect(none).toEqual({
      curve: [{ predicted: 0.5, observed: 0.5, share: 1 }],
      error: 0,
      accuracy: 0.5,
    });
    const sure = reliabilityOf(Float64Array.of(Infinity), Float64Array.of(-Infinity));
    expect(sure.curve).toEqual([
      { predicted: 0, observed: 0, share: 0.5 },
      { predicted: 1, observed: 1, share: 0.5 },
    ]);
    expect([sure.error, sure.accuracy]).toEqual([0, 1]);
    expect(() => reliabilityOf(new Float64Array(0), Float64Array.of(1))).toThrow(
      '0 log-odds; 1 are',
    );
    expect(() => reliabilityOf(Float64Array.of(1), Float64Array.of(NaN))).toThrow('NaN');
  });
});

describe('fresh draws', () => {
  it('are judged by groups at once: their mean, and how far they disagree', async () => {
    // More rows than half of what is passed at once, so that the last pass has draws too many.
    const rows = 150;
    const draws = 3;
    const { x, rows: values } = await someRows(rows);
    // A posterior without spread: z is the mean, and log p(x|z) is known.
    const model = worldAt(1e-4);
    const [one, three] = [odds(1), odds(3)];
    const term = model.terms[1]!;
    const before = memory().numTensors;
    const [single, both] = await judgeByFreshDraws(
      model,
      term,
      { primal, dual: {} },
      { x },
      [[one], [one, three]],
      { key: key(1), draws },
    );
    expect(memory().numTensors).toBe(before);
    const truth = values.map((row) => {
      const z = exact.posterior(row).mean;
      const squares = row.reduce((total, value, i) => {
        const off =
          value - exact.mean[i]! - exact.weights[i]!.reduce((a, w, k) => a + w * z[k]!, 0);
        return total + off * off;
      }, 0);
      return -squares / (2 * exact.noise ** 2) - 2 * Math.log(2 * Math.PI * exact.noise ** 2);
    });
    expect(single!.base).toHaveLength(rows * draws);
    single!.base.forEach((value, i) => {
      expect(Math.abs(value - truth[i % rows]!)).toBeLessThan(0.02);
    });
    expect(both!.base).toEqual(single!.base);
    for (const [judged, mean] of [
      [single, 1],
      [both, 2],
    ] as const) {
      expect(judged!.logits.posterior.every((value) => value === mean)).toBe(true);
      expect(judged!.logits.contrast.every((value) => value === mean)).toBe(true);
      expect(meanOf(judged!.divergence)).toBeCloseTo(mean, 5);
    }
    expect(single!.disagreement).toBe(0);
    // The variance of 1 and 3 over n − 1.
    expect(both!.disagreement).toBeCloseTo(2, 9);
    [one, three].forEach(disposeTree);
  });

  it('are of copies that come one after the other, with what belongs to each row', () => {
    const copied = copiesOf(
      {
        x: tensor2d([[1], [2]]),
        condition: tensor2d([[3], [4]]),
        label: tensor1d([5, 6]),
      },
      2,
    );
    expect([...copied.x.dataSync()]).toEqual([1, 2, 1, 2]);
    expect([...copied.condition!.dataSync()]).toEqual([3, 4, 3, 4]);
    expect([...copied.label!.dataSync()]).toEqual([5, 6, 5, 6]);
  });

  it('have means of rows, and the variances of these: over D − 1, by D', () => {
    // Two rows of three draws.
    const { means, variances } = rowsOf([1, 10, 2, 10, 6, 13], 2);
    expect([...means]).toEqual([3, 11]);
    expect(variances[0]).toBeCloseTo((4 + 1 + 9) / 2 / 3, 12);
    expect(variances[1]).toBeCloseTo((1 + 1 + 4) / 2 / 3, 12);
    expect(rowsOf([1, 2], 2).variances).toEqual(Float64Array.of(NaN, NaN));
  });

  it('bound a divergence by a discriminator of which all is known', () => {
    // T is log 4 at the posterior, and log ½ and log 3/2 at the contrast: the mean of exp T is 1.
    const judged = {
      base: Float64Array.of(-1, -2),
      divergence: new Float64Array(2),
      disagreement: 0,
      logits: {
        posterior: Float64Array.of(Math.log(4), Math.log(4)),
        contrast: Float64Array.of(Math.log(0.5), Math.log(1.5)),
      },
    };
    const found = judgedBy(judged, Float64Array.of(0, 1), { rows: 2, setSize: 2 });
    // (½ + 3/2)² / (¼ + 9/4); the logarithm of a mean of so few is short of it by ½ (1/1.6 − 1/2).
    expect(found.effectiveDraws).toBeCloseTo(1.6, 12);
    expect(found.most.mean).toBeCloseTo(-1.5 - Math.log(4) + 0.5 * (1 / 1.6 - 1 / 2), 12);
    expect(found.direct.mean).toBeCloseTo(-1.5 - Math.log(4), 12);
    expect(found.deviation.direct.mean).toBeCloseTo(Math.log(4) - 0.5, 12);
  });
});

describe('a discriminator that is fitted', () => {
  it('takes what is documented where nothing is told, and tells how far it is', async () => {
    const { x } = await someRows(5);
    const model = worldAt(1, sloping);
    const term = model.terms[1]!;
    const shares: number[] = [];
    const fit = async (more: object): Promise<number> => {
      const found = await fitDiscriminator(
        model,
        term,
        primal,
        { x },
        { key: key(1), steps: 3, ...more },
      );
      const [value] = await (found.odds as ReturnType<typeof scalar>).data<'float32'>();
      disposeTree(found);
      return value!;
    };
    const before = memory().numTensors;
    const told = await fit({ batchSize: 256, rate: 2e-3 });
    expect(await fit({})).toBe(told);
    expect(await fit({ rate: 4e-3 })).not.toBe(told);
    expect(await fit({ batchSize: 255 })).not.toBe(told);
    await fit({ steps: 21, batchSize: 2, onProgress: (share: number) => shares.push(share) });
    expect(shares).toEqual([0, 20 / 21]);
    expect(memory().numTensors).toBe(before);
  });

  it('of constant log-odds finds 0, and misses ½ E T*² of a posterior that is known', async () => {
    const { x, rows } = await someRows(60);
    const model = worldAt(1);
    const term = model.terms[1]!;
    const before = memory().numTensors;
    const found = (await probe(model, term, primal, { x }, 'normal', { key: key(2), steps: 1 }))!;
    expect(memory().numTensors).toBe(before);
    expect(found.found).toBeCloseTo(0, 6);
    expect(found.slope).toBeCloseTo(0, 5);
    // The diagonal normals with the posteriors' moments: their KL in closed form; 600 draws, of about two nats each.
    const truth = meanOf(
      rows.map((row) => {
        const { mean, covariance } = exact.posterior(row);
        return mean.reduce((total, m, d) => {
          const variance = covariance[d]![d]!;
          return total + 0.5 * (variance + m * m - 1 - Math.log(variance));
        }, 0);
      }),
    );
    expect(Math.abs(found.exact - truth)).toBeLessThan(0.1 + (4 * 2) / Math.sqrt(600));
    // E T*² is at least (E T*)².
    expect(found.missed).toBeGreaterThan(0.5 * found.exact ** 2);
  });

  it('ends when it is aborted, and leaves nothing behind', async () => {
    const { x } = await someRows(3);
    const model = worldAt(1);
    const before = memory().numTensors;
    const reason = new Error('enough');
    const options = { key: key(1), signal: AbortSignal.abort(reason) };
    const term = model.terms[1]!;
    await expect(fitDiscriminator(model, term, primal, { x }, options)).rejects.toBe(reason);
    await expect(probe(model, term, primal, { x }, 'twoBumps', options)).rejects.toBe(reason);
    await expect(
      judgeByFreshDraws(model, term, { primal, dual: {} }, { x }, [[odds(1)]], {
        ...options,
        draws: 1,
      }),
    ).rejects.toBe(reason);
    expect(memory().numTensors).toBe(before + 1);
  });
});

describe('what is fitted afresh', () => {
  it('says of constant log-odds that nothing was found: no divergence, no disagreement, no margins', async () => {
    const { x } = await someRows(4);
    const model = worldAt(1);
    const whole = { primal, dual: { [model.terms[1]!.name]: odds(0) } };
    const before = memory().numTensors;
    const shares: number[] = [];
    const found = await diagnose(
      model,
      whole,
      { x },
      {
        key: key(3),
        samples: 30,
        setSize: 4,
        refit: { steps: 2, batchSize: 8, discriminators: 2, draws: 3 },
        onProgress: (share) => shares.push(share),
      },
    );
    expect(memory().numTensors).toBe(before);
    const { refit } = found;
    expect(refit).toMatchObject({ gained: 0, accuracy: 0.5, margins: { draws: 0, rows: 0 } });
    expect(refit!.disagreement).toBeCloseTo(0, 9);
    expect(refit!.divergence).toBeCloseTo(0, 6);
    expect(refit!.effectiveDraws).toBeCloseTo(12, 6);
    // What they miss is what is missed of the posteriors that are known.
    const missed = Object.values(refit!.probes).map((probed) => probed!.missed);
    expect(refit!.missed).toBe(Math.max(...missed));
    expect(refit!.elbo.mean).toBeCloseTo(refit!.atMost.mean, 6);
    expect(found.elbo).toBeCloseTo(refit!.elbo.mean, 5);
    expect(found.reliability!.accuracy).toBe(0.5);
    // Most of the time is fitting: it is told of after the likelihood is known, and the end comes last.
    expect(shares.every((share, i) => share >= (shares[i - 1] ?? 0) && share < 1)).toBe(true);
    await expect(
      diagnose(model, whole, { x }, { key: key(3), samples: 30, refit: { steps: 1, draws: 1 } }),
    ).rejects.toThrow("refit: 'draws' must be a whole number from 2, not 1");
    await expect(
      diagnose(
        model,
        whole,
        { x },
        { key: key(3), samples: 30, refit: { steps: 1, discriminators: 0 } },
      ),
    ).rejects.toThrow("refit: 'discriminators' must be a whole number from 1, not 0");
  });
});

describe('evidence', () => {
  const reported = {
    means: Float64Array.of(-3, -1),
    variances: new Float64Array(2),
    rows: 2,
    setSize: 2,
  };

  it('of fresh discriminators counts where their bound rests on a hundred draws', () => {
    const refit = {
      deviation: [-1, 2],
      intervalOfSet: [-5, -3],
      effectiveDraws: 100,
    } as unknown as Parameters<typeof byFreshDiscriminators>[0];
    expect(byFreshDiscriminators(refit, reported)).toMatchObject({
      allows: true,
      deviation: [-1, 2],
      interval: [-5, -3],
      doubt: undefined,
    });
    expect(byFreshDiscriminators({ ...refit, effectiveDraws: 99.9 }, reported).doubt).toContain(
      '99.9 effective draws',
    );
    // Nor of a handful of rows of a large set.
    expect(byFreshDiscriminators(refit, { ...reported, setSize: 19 }).doubt).toContain(
      '2 rows tell too little',
    );
    expect(byFreshDiscriminators(refit, { ...reported, rows: 1, setSize: 2 }).doubt).toContain(
      'one row tells',
    );
  });

  it('of log p(x): no ELBO is above it by more than its bias and 2.576 errors', () => {
    const samples = 200;
    const found = {
      logLikelihood: Float64Array.of(-2, -4),
      effectiveSampleSize: Float64Array.of(100, 160),
      bias: 0.01,
      medianEffectiveSampleSize: 130,
      poorRows: 0,
    } as unknown as Parameters<typeof byLikelihood>[0];
    // The variances of the logarithms of both rows, and of what is reported; a mean of two has a quarter of their sum.
    const [a, b] = [1 / 100 - 1 / samples, 1 / 160 - 1 / samples];
    const own = 2.576 * Math.sqrt((a + b) / 4);
    const both = 2.576 * Math.sqrt((a + b + 0.02 + 0.04) / 4);
    const { deviation, interval, doubt } = byLikelihood(found, samples, {
      ...reported,
      variances: Float64Array.of(0.02, 0.04),
    });
    expect(doubt).toBeUndefined();
    expect(interval[1]).toBeCloseTo(-3 + 0.01 + own, 12);
    expect(deviation[0]).toBeCloseTo(-2 + 3 - 0.01 - both, 12);
    expect([deviation[1], interval[0]]).toEqual([Infinity, -Infinity]);
    for (const [more, why] of [
      [{ medianEffectiveSampleSize: 99 }, '99.0 effective samples in the median row'],
      [{ medianEffectiveSampleSize: NaN }, 'NaN effective samples'],
      [{ poorRows: 1 }, 'in one row'],
      [{ poorRows: 3 }, 'in 3 rows'],
    ] as const)
      expect(byLikelihood({ ...found, ...more }, samples, reported).doubt).toContain(why);
  });

  it('of few rows of many has the error of sampling them, and none of a single draw', () => {
    // One draw of each of two rows: their variance, 2, by two.
    const { mean, error, margin } = meanOverRows([1, 3], { rows: 2, setSize: Infinity });
    expect([mean, error]).toEqual([2, 1]);
    expect(margin).toBeCloseTo(studentQuantile(1), 12);
    // Of all rows there is only what the draws do not show.
    const whole = meanOverRows([1, 3], { rows: 2, setSize: 2 }, [0.5, 1.5]);
    expect(whole.error).toBeCloseTo(Math.sqrt(2 / 4), 12);
    expect(whole.byDraws).toBeCloseTo(Math.sqrt(2 / 4), 12);
    expect(whole.margin).toBeCloseTo(2.576 * whole.error, 12);
  });

  it('of a bound below 0 is 0', () => {
    const judged = {
      base: Float64Array.of(-1, -2),
      divergence: new Float64Array(2),
      disagreement: 0,
      logits: { posterior: Float64Array.of(-0.25, -0.25), contrast: new Float64Array(2) },
    };
    expect(judgedBy(judged, new Float64Array(2), { rows: 2, setSize: 2 }).most.mean).toBe(-1.5);
  });

  it('of the entropy: no ELBO of discrete rows is above minus it', () => {
    const { deviation, interval, doubt } = byEntropy(Math.log(2), reported);
    expect(deviation).toEqual([-2 + Math.log(2), Infinity]);
    expect(interval).toEqual([-Infinity, -Math.log(2)]);
    expect(doubt).toBeUndefined();
  });

  it('of bounds: from both sides, or from one', () => {
    const bounds = {
      lower: { mean: -4, error: 0 },
      rows: { lower: Float64Array.of(-5, -3, -5, -3), upper: Float64Array.of(-3, -2, -3, -2) },
    };
    const both = byBounds({ ...bounds }, reported);
    expect(both.interval).toEqual([-4, -2.5]);
    expect(both.deviation).toEqual([0.5, 2]);
    const single = byBounds({ ...bounds, rows: { lower: bounds.rows.lower } }, reported);
    expect(single.interval).toEqual([-4, Infinity]);
    expect(single.deviation).toEqual([-Infinity, 2]);
    expect(overCopies({ ...bounds, lower: bounds.lower }, 2)).toEqual({
      lower: estimateOf([-5, -3]),
      upper: estimateOf([-3, -2]),
      rows: { lower: Float64Array.of(-5, -3), upper: Float64Array.of(-3, -2) },
    });
  });

  it('of a posterior that allows no bounds is none', async () => {
    const { x } = await someRows(2);
    const before = memory().numTensors;
    const hidden = { ...encoderOf(), offers: ['posterior'] } as Encoder<'posterior'>;
    const model = compose({
      prior: standardNormal(2),
      encoder: hidden,
      decoder,
      terms: [reconstruction(), adversarialKl({ discriminator: constant })],
    });
    expect(await boundsOfCopies(model, primal, { x }, { key: key(1) })).toBeUndefined();
    expect(memory().numTensors).toBe(before);
  });

  it('of a density say what is reported above the ELBO at the same draws, whatever else varies', async () => {
    const { x, rows } = await someRows(30);
    const before = memory().numTensors;
    // The exact posterior’s ELBO is log p(x) at every draw, and what is reported is .3 above it at every draw.
    const model = worldAt(1);
    const found = await boundsOfCopies(
      model,
      primal,
      { x },
      {
        key: key(1),
        reported: ({ pass }) =>
          add(
            sub(
              add(pass.likelihood.logProb(pass.x), pass.prior.logProb(pass.z)),
              (pass.posterior as PosteriorOf<'logProb'>).logProb(pass.z),
            ),
            0.3,
          ),
      },
    );
    expect(memory().numTensors).toBe(before);
    const reported = { means: new Float64Array(30), variances: new Float64Array(30), rows: 30 };
    const [from, to] = byBounds(found!, { ...reported, setSize: 30 }).deviation;
    expect(from).toBeCloseTo(0.3, 4);
    expect(to).toBeCloseTo(0.3, 4);
    const [least, most] = byBounds(found!, { ...reported, setSize: 30 }).interval;
    const truth = meanOf(rows.map((row) => exact.logProb(row)));
    expect(least).toBeCloseTo(truth, 4);
    expect(most).toBeCloseTo(truth, 4);
  });

  it('of moments by noise: d / S nats are what no discriminator sees of S draws', async () => {
    const { x } = await someRows(60);
    const S = 50;
    /** N(0, I), which names the moments of S draws of its own, by row. */
    const noisy: Encoder<'posterior' | 'moments'> = {
      config: { kind: 'noisy' },
      offers: ['posterior', 'moments'],
      latent: 2,
      init: () => ({}),
      posterior: (_params, mode, rows) => {
        const q = standardNormal(2);
        const count = rows.shape[0];
        const draws = reshape(q.sample(mode.key, S * count), [S, count, 2]);
        const { mean, variance } = moments(draws, 0);
        return {
          mean: mean as Tensor2D,
          logVar: log(variance) as Tensor2D,
          sample: (at, samples = 1) => q.sample(at, samples * count),
        };
      },
    };
    const model = compose({
      prior: standardNormal(2),
      encoder: noisy,
      decoder,
      terms: [reconstruction()],
    });
    const before = memory().numTensors;
    const found = await contrastNoise(model, primal, { x }, key(1));
    // Of 20 · 60 pairs, each about a χ² of four degrees: its mean is known to 2 %; S is finite, by some per cent more.
    expect(found / (2 / S)).toBeGreaterThan(0.95);
    expect(found / (2 / S)).toBeLessThan(1.2);
    expect(await contrastNoise(worldAt(1), primal, { x }, key(1))).toBe(0);
    expect(memory().numTensors).toBe(before);
  });

  it('of how often rows are among rows, where they are of bits', async () => {
    const bits: Model = {
      ...worldAt(1),
      forward: (...given) => {
        const forward = worldAt(1).forward(...given);
        return {
          ...forward,
          pass: { ...forward.pass, likelihood: { ...forward.pass.likelihood, logits: 0 } },
        };
      },
    };
    const x = tensor2d([
      [1, 0, 0, 0],
      [1, 0, 0, 0],
      [0, 1, 0, 0],
      [0, 0, 1, 1],
    ]);
    // Shares ½, ¼ and ¼.
    expect(await entropyOfRows(bits, primal, { x })).toBeCloseTo(1.5 * Math.LN2, 12);
    expect(await entropyOfRows(bits, primal, { x: mul(x, 0.5) })).toBeUndefined();
    expect(await entropyOfRows(bits, primal, { x, condition: x })).toBeUndefined();
    expect(await entropyOfRows(worldAt(1), primal, { x })).toBeUndefined();
  });

  it('is asked for draws, one at least', async () => {
    const { x } = await someRows(2);
    const whole = { primal, dual: { [worldAt(1).terms[1]!.name]: odds(0) } };
    await expect(diagnose(worldAt(1), whole, { x }, { key: key(1), draws: 0 })).rejects.toThrow(
      "diagnose: 'draws' must be a whole number from 1, not 0",
    );
  });
});

describe('what evaluates a model', () => {
  it('does so as it is used, never as it is trained', async () => {
    const { x } = await someRows(60);
    const few = (await someRows(4)).x;
    /** Fails where it is told that it is being trained. */
    const watched = <Part extends { readonly training: boolean }>(mode: Part): Part => {
      if (mode.training) throw new Error('It is trained.');
      return mode;
    };
    const encoder = encoderOf();
    const model = compose({
      prior: standardNormal(2),
      encoder: {
        ...encoder,
        posterior: (p, mode, rows, c) => encoder.posterior(p, watched(mode), rows, c),
      },
      decoder: {
        ...decoder,
        likelihood: (p, mode, z, c) => decoder.likelihood(p, watched(mode), z, c),
      },
      terms: [
        reconstruction(),
        adversarialKl({
          discriminator: {
            ...sloping,
            apply: (p, mode, rows, z) => sloping.apply(p, watched(mode), rows, z),
          },
        }),
      ],
    });
    const whole = { primal, dual: { [model.terms[1]!.name]: odds(0.1) } };
    const at = { key: key(1) };
    await diagnose(
      model,
      whole,
      { x: few },
      { ...at, samples: 10, refit: { steps: 1, batchSize: 8, draws: 2 } },
    );
    await findCollapse(model, whole, { x }, { ...at, step: 0 });
    await information(model, primal, { x: few }, at);
    await aggregateKl(model, primal, { x }, at);
    await annealedLikelihood(
      model,
      primal,
      { x: few },
      { ...at, start: 'normal', chains: 1, temperatures: 2 },
    );
    await posteriorDraws(model, primal, { x: few }, { ...at, chains: 1, warmUp: 1, draws: 1 });
    await localElbo(model, primal, { x: few }, { ...at, steps: 1, draws: 1, samples: 1 });
    await unitVariances(model, whole, { x: few }, key(1));
    for (const proposal of ['posterior', 'normal'] as const)
      await logLikelihood(model, primal, { x: few }, { ...at, samples: 2, proposal });
    simulate(model, primal, key(1), 2);
    expect(await boundsOfCopies(model, primal, { x: few }, at)).toBeDefined();
    expect(await entropyOfRows(model, primal, { x: few })).toBeUndefined();
  });

  it('sees samples that are all alike', async () => {
    const { x } = await someRows(60);
    const model = worldAt(1);
    const one: Model = {
      ...model,
      sample: (...given) => mul(model.sample(...given), 1e-3),
    };
    const options = { key: key(1), step: 0 };
    const whole = { primal, dual: {} };
    const alike = await findCollapse(one, whole, { x }, options);
    expect(alike.signs.map(({ kind }) => kind)).toContain('mode collapse');
    expect(alike.samples!.diversity).toBeLessThan(1e-4);
    const healthy = await findCollapse(model, whole, { x }, options);
    expect(healthy.signs).toEqual([]);
    expect(healthy.encoder!.activeUnits).toBe(2);
  });
});
