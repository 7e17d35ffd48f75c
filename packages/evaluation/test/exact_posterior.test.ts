// Of the exact posterior every importance weight is p(x), on whatever path: what is found has no error but rounding.
import '@elbo/gradients';
import { normal, standardNormal, type Normal } from '@elbo/core';
import {
  compose,
  kl,
  reconstruction,
  type Encoder,
  type Model,
  type PosteriorOf,
} from '@elbo/objectives';
import { key, type Key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  memory,
  mul,
  setBackend,
  sub,
  tensor2d,
  tile,
  zerosLike,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  aggregateKl,
  annealedLikelihood,
  anomalyScores,
  bidirectionalLikelihood,
  boundsOf,
  estimateLikelihood,
  estimateOf,
  information,
  localElbo,
  logLikelihood,
  ownCodeGain,
  posteriorDraws,
  proposalMaker,
  semiImplicitElbo,
  simulate,
  transportElbo,
  unitVariances,
  type AnnealingState,
} from '../src/index.js';
import { inverseOfLower } from '../src/fitted/lower_triangle.js';
import { normalProposal } from '../src/proposals/normal.js';
import {
  covariance,
  decoder,
  encoderOf,
  exact,
  meanOf,
  params,
  someRows,
  worldOf,
} from './world.js';

beforeAll(() => setBackend('cpu'));

const model = worldOf();
const truthsOf = (rows: readonly number[][]): readonly number[] =>
  rows.map((row) => exact.logProb(row));
const start = 'posterior' as const;

describe('annealed importance sampling from the posterior itself', () => {
  const options = { key: key(1), start, chains: 3, temperatures: 4, leapfrogs: 2 };

  it('weighs every chain p(x), whatever way it went', async () => {
    const { x, rows } = await someRows(4);
    const truth = truthsOf(rows);
    const states: AnnealingState[] = [];
    const shares: number[] = [];
    const found = await annealedLikelihood(
      model,
      params,
      { x },
      {
        ...options,
        // Two blocks, of three rows and of one.
        chunk: 9,
        onState: (state) => states.push(state),
        onProgress: (share) => shares.push(share),
      },
    );
    truth.forEach((value, i) => {
      expect(found.logLikelihood[i]).toBeCloseTo(value, 4);
      expect(found.effectiveChains[i]).toBeCloseTo(3, 3);
      expect(found.acceptance[i]).toBeGreaterThan(0);
      expect(found.acceptance[i]).toBeLessThanOrEqual(1);
    });
    expect(found).toMatchObject(estimateOf(found.logLikelihood));
    expect(found.samplingError).toBeLessThan(0.01);
    // Each block walks a pilot and a leg forward, a temperature at a time; a row counts for as much as another.
    expect(states.map(({ leg }) => leg)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect(states.map(({ begin }) => begin)).toEqual(states.map((_, i) => (i < 8 ? 0 : 3)));
    shares.forEach((share, i) => {
      const eighths = (i % 8) + 1;
      expect(share).toBeCloseTo(i < 8 ? (3 * eighths) / 32 : 3 / 4 + eighths / 32, 12);
    });
    // One chain at one temperature between moves once: with a probability.
    const single = await annealedLikelihood(
      model,
      params,
      { x },
      {
        key: key(2),
        start,
        chains: 1,
        temperatures: 2,
        leapfrogs: 1,
      },
    );
    for (const acceptance of single.acceptance) {
      expect(acceptance).toBeGreaterThan(0);
      expect(acceptance).toBeLessThanOrEqual(1);
    }
    // And at none it never moves.
    const still = await annealedLikelihood(model, params, { x }, { ...options, temperatures: 1 });
    expect([...still.acceptance]).toEqual([0, 0, 0, 0]);
    expect(still.logLikelihood[0]).toBeCloseTo(truth[0]!, 4);
  });

  it('and back again: both bounds are log p(x)', async () => {
    const simulated = simulate(model, params, key(3), 3);
    const truth = truthsOf(simulated.batch.x.arraySync() as number[][]);
    const found = await bidirectionalLikelihood(model, params, simulated, options);
    truth.forEach((value, i) => {
      expect(found.lower[i]).toBeCloseTo(value, 4);
      expect(found.upper[i]).toBeCloseTo(value, 4);
    });
    expect(found.gap.mean).toBeCloseTo(0, 4);
    expect(found.acceptance).toBeGreaterThan(0.5);
    expect(found.acceptance).toBeLessThanOrEqual(1);
  });

  it('refuses counts that are none', async () => {
    const { x } = await someRows(1);
    for (const name of ['chains', 'temperatures', 'leapfrogs', 'chunk'] as const)
      for (const count of [0, 1.5])
        await expect(
          annealedLikelihood(model, params, { x }, { ...options, [name]: count }),
        ).rejects.toThrow(`'${name}' must be a whole number from 1, not ${count}`);
    for (const name of ['chains', 'warmUp', 'draws', 'leapfrogs'] as const)
      await expect(
        posteriorDraws(model, params, { x }, { key: key(1), [name]: 0 }),
      ).rejects.toThrow(`'${name}' must be a whole number from 1, not 0`);
  });
});

describe('importance sampling', () => {
  it('has log p(x) of the posterior, of rows that are cut any way', async () => {
    const { x, rows } = await someRows(5);
    const truth = truthsOf(rows);
    const before = memory().numTensors;
    for (const chunk of [1, 30, 100, 210, 2000]) {
      const shares: number[] = [];
      const found = await estimateLikelihood(
        model,
        params,
        { x },
        {
          key: key(4),
          samples: 7,
          proposal: 'posterior',
          chunk,
          onProgress: (share) => shares.push(share),
        },
      );
      truth.forEach((value, i) => {
        expect(found.logLikelihood[i]).toBeCloseTo(value, 4);
        expect(found.effectiveSampleSize[i]).toBeCloseTo(7, 3);
      });
      expect(shares.toSorted((a, b) => a - b)).toEqual(shares);
      expect(shares.at(-1)).toBe(1);
    }
    expect(memory().numTensors).toBe(before);
  });

  it('states the bias of its logarithm, ½ (1/ESS − 1/S)', async () => {
    const { x } = await someRows(3);
    const samples = 400;
    const found = await estimateLikelihood(
      worldOf(1.2),
      params,
      { x },
      {
        key: key(5),
        samples,
        proposal: 'posterior',
      },
    );
    const sizes = [...found.effectiveSampleSize];
    expect(Math.min(...sizes)).toBeGreaterThan(100);
    expect(found.bias).toBeCloseTo(meanOf(sizes.map((size) => 0.5 * (1 / size - 1 / samples))), 12);
    expect(found.bias).toBeGreaterThan(0);
    expect(found.samplingError ** 2).toBeCloseTo((2 * found.bias!) / 3, 12);
    expect(found.medianEffectiveSampleSize).toBe(sizes.toSorted((a, b) => a - b)[1]);
    expect(found.poorRows).toBe(0);
  });

  it('takes the posterior where it has a density, and else the normal with its moments', async () => {
    const { x } = await someRows(2);
    const batch = { x };
    const own = await proposalMaker(model, {})(model, params, batch, key(1));
    const wide = await proposalMaker(model, { proposal: 'normal' })(model, params, batch, key(1));
    const at = model.forward(params, batch, { step: 0, key: key(1), training: false });
    const z = at.pass.posterior.sample(key(2), 1);
    const exactly = (at.pass.posterior as PosteriorOf<'logProb'>).logProb(z);
    expect([...own.logProb(z).dataSync()]).toEqual([...exactly.dataSync()]);
    expect([...wide.logProb(z).dataSync()]).not.toEqual([...exactly.dataSync()]);
    const implicit: Model = { ...model, encoder: { ...model.encoder!, offers: ['posterior'] } };
    const usual = await proposalMaker(implicit, {})(model, params, batch, key(1));
    expect([...usual.logProb(z).dataSync()]).toEqual([...wide.logProb(z).dataSync()]);
  });
});

describe('the normal proposal', () => {
  /** An encoder whose draws are these points, one after the other, for every row, moved by the row's number. */
  const drawing = (points: readonly (readonly number[])[]): Model => {
    const latent = points[0]!.length;
    const encoder: Encoder<'posterior'> = {
      config: { kind: 'points' },
      offers: ['posterior'],
      latent,
      init: () => ({}),
      posterior: (_params, _mode, x) => {
        const posterior = {
          sample: (_key: unknown, samples = 1): Tensor2D =>
            tensor2d(
              Array.from({ length: samples }, (_, n) =>
                Array.from({ length: x.shape[0] }, (__, row) =>
                  points[n % points.length]!.map((value) => value + 10 * row),
                ),
              ).flat(),
            ),
          detach: () => posterior,
        };
        return posterior;
      },
    };
    return compose({ prior: standardNormal(latent), encoder, decoder, terms: [reconstruction()] });
  };
  // Covariance over N: [[5, 3, 0], [3, 5, 0], [0, 0, 1]] of points ±(2, 1, ±1)…: 3 of the first with the second.
  const points = [
    [3, 1, 1],
    [1, 3, -1],
    [-3, -1, 1],
    [-1, -3, -1],
  ];
  const pilot = 40_000;

  it('has the mean of the draws, their covariance widened, and a density that is normalised', async () => {
    const of = drawing(points);
    const x = tensor2d([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    for (const [widening, options] of [
      [1, { pilot, widening: 1 }],
      [2, { pilot, widening: 2 }],
      [1.2, { pilot }],
    ] as const) {
      const proposal = await normalProposal(of, params, { x }, key(1), options);
      const [a, b] = [5 * widening ** 2, 3 * widening ** 2];
      // Correlations are shrunk by 3/pilot, and N − 1 is one less.
      const logDet = Math.log((a * a - b * b) * widening ** 2);
      const logAt = (u: number, v: number, w: number): number =>
        -0.5 * ((a * u * u - 2 * b * u * v + a * v * v) / (a * a - b * b) + (w / widening) ** 2) -
        0.5 * logDet -
        1.5 * Math.log(2 * Math.PI);
      const offsets = [
        [0, 0, 0],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
        [2, -1, 1],
      ] as const;
      const z = tensor2d(offsets.flatMap((one) => [[...one], one.map((value) => value + 10)]));
      const found = [...proposal.logProb(z).dataSync()];
      offsets.forEach(([u, v, w], i) => {
        expect(found[2 * i]).toBeCloseTo(logAt(u, v, w), 3);
        expect(found[2 * i + 1]).toBeCloseTo(logAt(u, v, w), 3);
      });
      // Its own draws: of both rows in turn.
      const n = 4000;
      const drawn = proposal.sample(key(2), n).dataSync();
      for (const row of [0, 1])
        for (const [i, j, wanted] of [
          [0, 0, a],
          [0, 1, b],
          [1, 1, a],
          [2, 2, widening ** 2],
          [0, 2, 0],
        ] as const) {
          const products = Array.from({ length: n }, (_, s) => {
            const at = 3 * (2 * s + row);
            return (drawn[at + i]! - 10 * row) * (drawn[at + j]! - 10 * row);
          });
          const { mean, error } = estimateOf(products);
          expect(Math.abs(mean - wanted)).toBeLessThan(4.5 * error + 1e-3);
        }
      proposal.dispose();
    }
  });

  it('has a density where draws never vary', async () => {
    const x = tensor2d([[0, 0, 0, 0]]);
    const proposal = await normalProposal(drawing([[1, 2]]), params, { x }, key(1), { pilot: 5 });
    expect(Number.isFinite(proposal.logProb(tensor2d([[1, 2]])).dataSync()[0])).toBe(true);
  });

  it('inverts its triangles', () => {
    const lower = Float64Array.of(2, 0, 0, 1, 4, 0, -3, 5, 0.5);
    const inverse = inverseOfLower(lower, 3);
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) {
        let sum = 0;
        for (let k = 0; k < 3; k++) sum += lower[3 * i + k]! * inverse[3 * k + j]!;
        expect(sum).toBeCloseTo(i === j ? 1 : 0, 12);
      }
  });
});

describe('bounds without a discriminator', () => {
  const scale = Math.sqrt(covariance[0]![0]!);
  const centres = (count: number): Tensor2D => tile(tensor2d([[0.3, -0.2]]), [count, 1]);
  /** N((.3, −.2), scale² I) whatever the row: as a mixture of one normal, and as noise that is moved. */
  const certain: Encoder<'posterior' | 'logProb'> = {
    ...encoderOf(),
    posterior: (_params, _mode, x) => {
      const rows = x.shape[0];
      const of = (samples: number): Normal<Tensor2D> => {
        const mean = centres(samples * rows);
        return normal<Tensor2D>(mean, add(zerosLike(mean), 2 * Math.log(scale)));
      };
      const posterior = {
        sample: (at: Key, samples = 1) => of(samples).sample(at),
        logProb: (z: Tensor2D) => of(z.shape[0] / rows).logProb(z),
        components: (_key: Key, samples = 1) => of(samples),
        detach: () => posterior,
      };
      return posterior;
    },
  };
  const moved: Encoder<'posterior' | 'logProb'> = {
    ...certain,
    posterior: (...given) => {
      const { sample, logProb } = certain.posterior(...given) as PosteriorOf<'logProb'>;
      const rows = given[2].shape[0];
      const posterior = {
        sample,
        logProb,
        transport: (at: Key, samples = 1) => {
          const centre = (): Tensor2D => centres(samples * rows);
          return {
            base: standardNormal(2).sample(at, samples * rows),
            place: (base: Tensor2D): Tensor2D => add(mul(base, scale), centre()),
            // A contraction of the error by a half.
            towards: (z: Tensor2D, base: Tensor2D): Tensor2D =>
              add(mul(base, 0.5), mul(sub(z, centre()), 0.5 / scale)),
          };
        },
        detach: () => posterior,
      };
      return posterior;
    },
  };
  const of = (encoder: Encoder<'posterior' | 'logProb'>): Model =>
    compose({ prior: standardNormal(2), encoder, decoder, terms: [reconstruction(), kl()] });

  it('of a mixture whose components are all alike: both are the ELBO at the same draws', async () => {
    const { x } = await someRows(3);
    for (const components of [1, 3, 250]) {
      const { lower, upper, rows } = await semiImplicitElbo(
        of(certain),
        params,
        { x },
        {
          key: key(1),
          draws: 2,
          components,
        },
      );
      rows.lower.forEach((value, i) => {
        expect(value).toBeCloseTo(rows.upper[i]!, 4);
        expect(value).toBeLessThan(0);
      });
      expect(lower).toEqual(estimateOf(rows.lower));
      expect(upper).toEqual(estimateOf(rows.upper));
    }
  });

  it('have the ELBO of each row in the mean, in closed form', async () => {
    const { x, rows } = await someRows(101);
    // E log p(x, z) − E log q of z ~ N(m, s² I): log N(x; Wm + mean, σ²) + log N(m; 0) − s²/2 (tr WᵀW/σ² + 2) + entropy.
    const weights = exact.weights;
    const variance = exact.noise ** 2;
    const m = [0.3, -0.2];
    const trace = weights.flat().reduce((sum, w) => sum + w * w, 0) / variance;
    const truth = rows.map((row) => {
      const squares = row.reduce((sum, value, i) => {
        const off = value - exact.mean[i]! - weights[i]![0]! * m[0]! - weights[i]![1]! * m[1]!;
        return sum + off * off;
      }, 0);
      return (
        -0.5 * (squares / variance + 4 * Math.log(2 * Math.PI * variance)) -
        0.5 * (m[0]! ** 2 + m[1]! ** 2 + 2 * Math.log(2 * Math.PI)) -
        0.5 * scale ** 2 * (trace + 2) +
        Math.log(2 * Math.PI * Math.E * scale ** 2)
      );
    });
    const shares: number[] = [];
    const onProgress = (share: number): number => shares.push(share);
    const mixed = await semiImplicitElbo(
      of(certain),
      params,
      { x },
      {
        key: key(2),
        draws: 40,
        components: 1,
        onProgress,
      },
    );
    // Two blocks of rows.
    expect(shares).toEqual([100 / 101, 1]);
    const carried = await transportElbo(of(moved), params, { x }, { key: key(3), draws: 40 });
    expect(carried.folded).toBe(0);
    expect(carried.upper).toBeUndefined();
    const both = await transportElbo(
      of(moved),
      params,
      { x },
      { key: key(3), draws: 40, components: 2 },
    );
    // The noise that does not matter changes nothing, and the inverse finds it.
    both.rows.lower.forEach((value, i) => {
      expect(value).toBeCloseTo(carried.rows.lower[i]!, 3);
      expect(both.rows.upper![i]).toBeCloseTo(value, 3);
    });
    for (const found of [mixed.rows.lower, carried.rows.lower]) {
      const { mean, error } = estimateOf(found.map((value, i) => value - truth[i]!));
      expect(Math.abs(mean)).toBeLessThan(4 * error);
      // 40 draws of a row: its own is within some of its own errors, the first and the last of a block too.
      for (const i of [0, 99, 100])
        expect(Math.abs(found[i]! - truth[i]!)).toBeLessThan(6 * error * Math.sqrt(101));
    }
  });

  it('end where they are aborted, for the reason that is given', async () => {
    const { x } = await someRows(2);
    const before = memory().numTensors;
    const reason = new Error('enough');
    const options = { key: key(1), signal: AbortSignal.abort(reason) };
    await expect(semiImplicitElbo(of(certain), params, { x }, options)).rejects.toBe(reason);
    await expect(transportElbo(of(moved), params, { x }, options)).rejects.toBe(reason);
    expect(memory().numTensors).toBe(before);
    for (const [bound, encoder] of [
      [semiImplicitElbo, certain],
      [transportElbo, moved],
    ] as const)
      await expect(bound(of(encoder), params, { x }, { key: key(1), draws: 0 })).rejects.toThrow(
        "'draws' must be a whole number from 1, not 0",
      );
    await expect(
      semiImplicitElbo(of(certain), params, { x }, { key: key(1), components: 0 }),
    ).rejects.toThrow("'components' must be a whole number from 1, not 0");
    const one = { key: key(1), draws: 1, components: 1 };
    await expect(semiImplicitElbo(of(certain), params, { x }, one)).resolves.toBeDefined();
    await expect(transportElbo(of(moved), params, { x }, one)).resolves.toBeDefined();
  });

  it('are those that the posterior allows', async () => {
    const { x } = await someRows(2);
    const options = { key: key(4) };
    /** The same posterior, whose density nobody knows. */
    const hidden = (encoder: typeof certain): Model =>
      compose({
        prior: standardNormal(2),
        encoder: { ...encoder, offers: ['posterior'] },
        decoder,
        terms: [reconstruction()],
      });
    for (const encoder of [certain, moved])
      expect(await boundsOf(hidden(encoder), params, { x }, options)).toHaveProperty('upper');
    expect(await boundsOf(hidden(encoderOf()), params, { x }, options)).toBeUndefined();
    // That of the exact posterior is log p(x) at every draw, from both sides.
    const known = await boundsOf(model, params, { x }, options);
    const truth = truthsOf((await someRows(2)).rows);
    for (const side of [known!.rows.lower, known!.rows.upper!])
      side.forEach((value, i) => {
        expect(value).toBeCloseTo(truth[i]!, 4);
      });
    await expect(semiImplicitElbo(model, params, { x }, options)).rejects.toThrow('not a mixture');
    await expect(transportElbo(model, params, { x }, options)).rejects.toThrow('does not move');
  });
});

describe('a decoder and its codes', () => {
  it('gains by a row’s own code what log p(x|z) is above that at the next row’s, the last one’s next being the first', async () => {
    const { x, rows } = await someRows(4);
    // Draws without spread: z is the posterior's mean.
    const sure = worldOf(1e-4);
    const found = await ownCodeGain(sure, { primal: params, dual: {} }, { x }, key(1));
    const codes = rows.map((row) => exact.posterior(row).mean);
    const logAt = (row: readonly number[], z: readonly number[]): number =>
      row.reduce((sum, value, i) => {
        const off =
          value - exact.mean[i]! - exact.weights[i]!.reduce((a, w, k) => a + w * z[k]!, 0);
        return sum - off ** 2 / (2 * exact.noise ** 2);
      }, 0);
    const gains = rows.map((row, i) => logAt(row, codes[i]!) - logAt(row, codes[(i + 1) % 4]!));
    const { mean, error } = estimateOf(gains);
    expect(found.mean).toBeCloseTo(mean, 1);
    expect(found.error).toBeCloseTo(error, 1);
  });

  it('has active units whose means vary: by N − 1, less what draws add', async () => {
    const { x } = await someRows(6);
    // Draws without spread: the variance of the posterior means over N − 1.
    const sure = worldOf(1e-4);
    const found = await unitVariances(sure, { primal: params, dual: {} }, { x }, key(1));
    const means = x.arraySync().map((row) => exact.posterior(row).mean);
    found.forEach((variance, d) => {
      const centre = meanOf(means.map((mean) => mean[d]!));
      const wanted = means.reduce((sum, mean) => sum + (mean[d]! - centre) ** 2, 0) / 5;
      expect(variance / wanted).toBeCloseTo(1, 2);
    });
    // 32 draws where nothing is said.
    const params32 = { primal: params, dual: {} };
    expect(await unitVariances(model, params32, { x }, key(2))).toEqual(
      await unitVariances(model, params32, { x }, key(2), 32),
    );
  });

  it('has information of two rows that never overlap: log 2, its most', async () => {
    const far = tensor2d([
      [100, 0, 0, 0],
      [-100, 0, 0, 0],
    ]);
    const {
      lower,
      kl: whole,
      marginal,
    } = await information(worldOf(1e-2), params, { x: far }, { key: key(1) });
    expect(lower.mean).toBeCloseTo(Math.log(2), 6);
    expect(marginal.upper.mean).toBeCloseTo(whole.mean - Math.log(2), 3);
    // Of two rows that are the same it is nothing, from below and from above.
    const same = await information(
      model,
      params,
      { x: tile(tensor2d([[100, 0, 0, 0]]), [3, 1]) },
      { key: key(2), chunk: 3 },
    );
    expect(same.lower.mean).toBeCloseTo(0, 5);
    expect(same.upper.mean).toBeCloseTo(0, 5);
  });
});

describe('the ELBO of a normal of each row’s own', () => {
  it('begins at the moments of the encoder, also where its draws never vary', async () => {
    const { x } = await someRows(2);
    const stuck: Model = {
      ...model,
      forward: (...given) => {
        const forward = model.forward(...given);
        return {
          ...forward,
          pass: {
            ...forward.pass,
            posterior: {
              ...forward.pass.posterior,
              sample: (_k, samples = 1) => tile(tensor2d([[0, 0]]), [2 * samples, 1]),
            },
          },
        };
      },
    };
    const { rows } = await localElbo(
      stuck,
      params,
      { x },
      { key: key(1), steps: 3, draws: 1, samples: 1 },
    );
    expect(rows.every(Number.isFinite)).toBe(true);
  });
});

describe('what is told and what is not', () => {
  it('is the same where what is told is what is documented', async () => {
    const { x } = await someRows(2);
    const at = { key: key(1) };
    const whole = { primal: params, dual: {} };
    for (const [untold, told] of [
      [
        anomalyScores(model, whole, { x }, at),
        anomalyScores(model, whole, { x }, { ...at, draws: 5, samples: 100 }),
      ],
      [
        logLikelihood(model, params, { x }, { ...at, proposal: 'posterior' }),
        logLikelihood(
          model,
          params,
          { x },
          { ...at, proposal: 'posterior', samples: 4000, chunk: 2000 },
        ),
      ],
      [
        localElbo(model, params, { x }, { ...at, steps: 2 }),
        localElbo(
          model,
          params,
          { x },
          { ...at, steps: 2, rate: 0.03, samples: 10, draws: 200, covariance: 'diagonal' },
        ),
      ],
      [
        annealedLikelihood(model, params, { x }, { ...at, start, leapfrogs: 1, temperatures: 2 }),
        annealedLikelihood(
          model,
          params,
          { x },
          { ...at, start, leapfrogs: 1, temperatures: 2, chains: 16, chunk: 1000 },
        ),
      ],
      [
        posteriorDraws(model, params, { x }, { ...at, warmUp: 1, draws: 1 }),
        posteriorDraws(
          model,
          params,
          { x },
          { ...at, warmUp: 1, draws: 1, chains: 16, leapfrogs: 10 },
        ),
      ],
    ] as const)
      expect(await untold).toEqual(await told);
    const many = (await someRows(8)).x;
    expect(await aggregateKl(model, params, { x: many }, at)).toEqual(
      await aggregateKl(model, params, { x: many }, { ...at, draws: 1 }),
    );
  });

  it('ends where it is aborted, for the reason that is given, and leaves nothing behind', async () => {
    const { x } = await someRows(2);
    const before = memory().numTensors;
    const reason = new Error('enough');
    const at = { key: key(1), signal: AbortSignal.abort(reason) };
    const whole = { primal: params, dual: {} };
    for (const run of [
      () => logLikelihood(model, params, { x }, at),
      () => logLikelihood(model, params, { x }, { ...at, proposal: 'posterior' }),
      () => logLikelihood(model, params, { x }, { ...at, proposal: 'normal' }),
      () => anomalyScores(model, whole, { x }, { ...at, draws: 1 }),
      () => localElbo(model, params, { x }, at),
      () => annealedLikelihood(model, params, { x }, { ...at, chains: 1, temperatures: 2 }),
      () => posteriorDraws(model, params, { x }, { ...at, chains: 1 }),
    ])
      await expect(run(), String(run)).rejects.toBe(reason);
    expect(memory().numTensors).toBe(before);
  });

  it('counts from the least that makes sense', async () => {
    const { x } = await someRows(2);
    const at = { key: key(1) };
    const whole = { primal: params, dual: {} };
    for (const [run, least] of [
      [(draws: number) => anomalyScores(model, whole, { x }, { ...at, draws, samples: 1 }), 1],
      [(samples: number) => anomalyScores(model, whole, { x }, { ...at, draws: 1, samples }), 1],
      [
        (samples: number) =>
          logLikelihood(model, params, { x }, { ...at, samples, proposal: 'posterior' }),
        1,
      ],
      [
        (draws: number) => localElbo(model, params, { x }, { ...at, steps: 1, draws, samples: 1 }),
        1,
      ],
      [
        (samples: number) =>
          localElbo(model, params, { x }, { ...at, steps: 1, draws: 1, samples }),
        1,
      ],
      [(draws: number) => unitVariances(model, whole, { x }, key(1), draws), 2],
    ] as const) {
      await expect(run(least - 1), String(run)).rejects.toThrow(
        `a whole number from ${least}, not ${least - 1}`,
      );
      await expect(run(least), String(run)).resolves.toBeDefined();
    }
  });
});
