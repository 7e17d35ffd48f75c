// How proposals are refitted to weighted draws, and what they are weighed by.
import '@elbo/gradients';
import { standardNormal } from '@elbo/core';
import { denseDiscriminator } from '@elbo/discriminators';
import { adversarialX, compose, type Model } from '@elbo/objectives';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { estimateLikelihood, logLikelihood } from '../src/index.js';
import {
  cholesky,
  timesTransposed,
  timesVector,
  transposed,
} from '../src/fitted/lower_triangle.js';
import { fullUpTo, momentsOf, shrunk } from '../src/fitted/moments.js';
import { refitMixture, reweighed, withComponentAt } from '../src/fitted/refit.js';
import { priorRowDraws } from '../src/fitted/row_draws.js';
import {
  componentDensities,
  drawMixture,
  logSums,
  mixtureLogProb,
  type StudentMixture,
} from '../src/fitted/student_mixture.js';
import { targetOf } from '../src/fitted/target.js';
import { proposalLogProb } from '../src/fitted/weighing.js';
import { decoder, exact, meanOf, params, someRows, worldOf } from './world.js';

beforeAll(() => setBackend('cpu'));

/** So many degrees of freedom that a t is a normal. */
const normalDof = 2e5;
const unit = (dim: number, scale = 1): Float64Array =>
  Float64Array.from({ length: dim * dim }, (_, at) => (at % (dim + 1) === 0 ? scale : 0));
const single = (dim: number, mean: readonly number[], dof = normalDof): StudentMixture => ({
  dim,
  dof,
  components: [{ weight: 1, mean: Float64Array.from(mean), factor: unit(dim) }],
});
const even = (count: number): Float64Array => new Float64Array(count);

describe('a refitted mixture', () => {
  const z = [3, 1, 1, 3, -1, -1, 1, 1];
  const weighted = { z, logWeights: even(4) };

  it('goes to the moments of the draws, less the weight of one draw for the centre and 2 Z for the scale', () => {
    const found = refitMixture(single(2, [0, 0]), weighted, false).components[0]!;
    // The mean of the draws is (1, 1), and the old centre counts as one more draw.
    expect(found.mean[0]).toBeCloseTo(4 / 5, 4);
    expect(found.mean[1]).toBeCloseTo(4 / 5, 4);
    // About (.8, .8): squares 4.84 + .04 + 3.24 + .04 by four, and products .44 + .44 + 3.24 + .04.
    const [square, product] = [8.16 / 4, 4.16 / 4];
    const kept = 4 / 8;
    const scale = timesTransposed(found.factor, found.factor, 2);
    expect(scale[0]).toBeCloseTo(kept + (1 - kept) * square, 4);
    expect(scale[3]).toBeCloseTo(kept + (1 - kept) * square, 4);
    expect(scale[1]).toBeCloseTo((1 - kept) * product, 4);
    expect(scale[2]).toBeCloseTo(scale[1]!, 12);
  });

  it('has no correlations where it is diagonal', () => {
    const { factor } = refitMixture(single(2, [0, 0]), weighted, true).components[0]!;
    expect([factor[1], factor[2]]).toEqual([0, 0]);
    expect(factor[0]! ** 2).toBeCloseTo(0.5 + 0.5 * (8.16 / 4), 4);
  });

  it('heeds weights: a draw counts for as much as it weighs', () => {
    const twice = { z: [...z, 3, 1], logWeights: even(5) };
    const doubled = { z, logWeights: Float64Array.of(Math.log(2), 0, 0, 0) };
    // The same mean; the effective number, 25/7, is not 5.
    const a = refitMixture(single(2, [0, 0]), twice, false).components[0]!;
    const b = refitMixture(single(2, [0, 0]), doubled, false).components[0]!;
    expect(a.mean[0]! * (6 / 5)).toBeCloseTo(7 / 5, 4);
    expect(b.mean[0]! * (1 + 7 / 25)).toBeCloseTo(7 / 5, 4);
    // One draw that carries all moves nothing.
    const alone = { z, logWeights: Float64Array.of(0, -Infinity, -Infinity, -Infinity) };
    expect(refitMixture(single(2, [0, 0]), alone, false).components[0]!.mean).toEqual(
      Float64Array.of(0, 0),
    );
    const none = { z, logWeights: new Float64Array(4).fill(-Infinity) };
    expect(refitMixture(single(2, [0, 0]), none, false)).toEqual(single(2, [0, 0]));
  });

  it('heeds draws far from the centre less, by (ν + Z)/(ν + d²)', () => {
    // In one dimension with ν = 2: pulls 3/2 at 0 and 3/6 at 2, so a mean of ½, and a third for the old centre.
    const { mean } = refitMixture(single(1, [0], 2), { z: [0, 2], logWeights: even(2) }, false)
      .components[0]!;
    expect(mean[0]).toBeCloseTo(((2 / 3) * (2 * 0.5)) / (1.5 + 0.5), 9);
  });

  it('shares draws among its components, of which none vanishes', () => {
    const two: StudentMixture = {
      ...single(1, [0]),
      components: [
        { weight: 0.5, mean: Float64Array.of(-100), factor: unit(1) },
        { weight: 0.5, mean: Float64Array.of(100), factor: unit(1) },
      ],
    };
    const draws = { z: [-100, -101, -99, 100], logWeights: even(4) };
    for (const found of [refitMixture(two, draws, false), reweighed(two, draws)]) {
      const [a, b] = found.components.map(({ weight }) => weight);
      expect(a! + b!).toBeCloseTo(1, 12);
      expect(a).toBeCloseTo(0.005 + 0.99 * 0.75, 9);
    }
    const lost = reweighed(two, { z: [-100], logWeights: even(1) });
    expect(lost.components[1]!.weight).toBeCloseTo(0.005, 9);
    // Their shapes stay.
    expect(lost.components.map(({ mean }) => mean[0])).toEqual([-100, 100]);
  });

  it('gets one more where it lacks most', () => {
    const before = single(2, [5, 6]);
    const { components } = withComponentAt(before, {
      z: [1, 2, 3, 4, 7, 8],
      logWeights: Float64Array.of(0, 2, 1),
    });
    expect(components.map(({ weight }) => weight)).toEqual([0.5, 0.5]);
    expect([...components[1]!.mean]).toEqual([3, 4]);
    expect(components[1]!.factor).toBe(before.components[0]!.factor);
    const third = withComponentAt({ ...before, components }, { z: [1, 2], logWeights: even(1) });
    third.components.forEach(({ weight }) => {
      expect(weight).toBeCloseTo(1 / 3, 12);
    });
  });
});

describe('a mixture of t distributions', () => {
  const mixture: StudentMixture = {
    dim: 1,
    dof: 4,
    components: [
      { weight: 0.3, mean: Float64Array.of(-2), factor: Float64Array.of(0.5) },
      { weight: 0.7, mean: Float64Array.of(1), factor: Float64Array.of(2) },
    ],
  };
  /** Of 4 degrees of freedom: 3/8 (1 + t²/4)^(−5/2). */
  const student = (t: number): number => 0.375 * (1 + t ** 2 / 4) ** -2.5;

  it('has the density that its definition says, also of two dimensions', () => {
    for (const z of [-2, 0, 3])
      expect(mixtureLogProb(mixture, [z])[0]).toBeCloseTo(
        Math.log((0.3 * student((z + 2) / 0.5)) / 0.5 + (0.7 * student((z - 1) / 2)) / 2),
        12,
      );
    // In the plane with ν = 2: 1/2π (1 + d²/2)^−2, here with |L| = 6 and d² = 1 + 4/9.
    const plane: StudentMixture = {
      dim: 2,
      dof: 2,
      components: [{ weight: 1, mean: Float64Array.of(1, 1), factor: Float64Array.of(2, 0, 1, 3) }],
    };
    // z − mean = (2, 3) = L (1, 2/3).
    const { logs, distances } = componentDensities(plane, [3, 4]);
    expect(distances[0]).toBeCloseTo(1 + 4 / 9, 12);
    expect(logs[0]).toBeCloseTo(-Math.log(2 * Math.PI * 6) - 2 * Math.log1p(distances[0]! / 2), 12);
    expect(logSums(Float64Array.of(0, -Infinity, Math.log(3), -Infinity), 2)[0]).toBeCloseTo(
      Math.log(4),
      12,
    );
    expect(logSums(Float64Array.of(-Infinity, -Infinity), 2)[0]).toBe(-Infinity);
  });

  it('is drawn as it is: by its distribution function', () => {
    const count = 8000;
    const draws = drawMixture(mixture, key(1), count);
    // ∫ of a t with 4 degrees: ½ + u (3/8)(…)… by quadrature.
    const below = (at: number): number => {
      let total = 0;
      const step = 0.01;
      for (let z = -200; z < at; z += step)
        total += Math.exp(mixtureLogProb(mixture, [z + step / 2])[0]!) * step;
      return total;
    };
    for (const at of [-2, 0, 4]) {
      const share = draws.filter((z) => z < at).length / count;
      const truth = below(at);
      expect(Math.abs(share - truth)).toBeLessThan(
        4 * Math.sqrt((truth * (1 - truth)) / count) + 1e-3,
      );
    }
  });

  it('with a share of the prior is the mixture of both', () => {
    const z = Float32Array.of(0.5);
    const prior = Float64Array.of(-1);
    const own = mixtureLogProb(mixture, z)[0]!;
    const both = proposalLogProb({ mixture, priorShare: 0.25 }, { z, prior })[0]!;
    expect(Math.exp(both)).toBeCloseTo(0.75 * Math.exp(own) + 0.25 * Math.exp(-1), 12);
    expect(proposalLogProb({ mixture, priorShare: 0 }, { z, prior })[0]).toBe(own);
  });
});

describe('moments', () => {
  it('are over N − 1, and shrunk as few draws want it', () => {
    const { mean, covariance } = momentsOf([1, 2, 3, 6, 5, 4], 2);
    expect([...mean]).toEqual([3, 4]);
    expect([...covariance]).toEqual([4, 2, 2, 4]);
    const { covariance: kept } = shrunk({ mean, covariance }, 12, Float64Array.of(5, 1));
    // Variances of at least 5 and 1; 12/(12 + 2 · 2) of the rest.
    expect([...kept]).toEqual([5, 1.5, 1.5, 4]);
    const dim = fullUpTo + 1;
    const many = { mean: new Float64Array(dim), covariance: new Float64Array(dim * dim).fill(2) };
    const diagonal = shrunk(many, 1e6, new Float64Array(dim)).covariance;
    expect(diagonal.every((value, at) => value === (at % (dim + 1) === 0 ? 2 : 0))).toBe(true);
    const edge = {
      mean: new Float64Array(fullUpTo),
      covariance: new Float64Array(fullUpTo ** 2).fill(2),
    };
    expect(shrunk(edge, 64, new Float64Array(fullUpTo)).covariance[1]).toBe(1);
  });

  it('have triangles, where they are positive definite', () => {
    const lower = cholesky(Float64Array.of(4, 0, 2, 10), 2)!;
    expect([...lower]).toEqual([2, 0, 1, 3]);
    expect([...timesTransposed(lower, lower, 2)]).toEqual([4, 2, 2, 10]);
    expect([...timesVector(lower, Float64Array.of(1, 2))]).toEqual([2, 7]);
    expect([...transposed(lower, 2)]).toEqual([2, 1, 0, 3]);
    for (const bad of [
      [1, 0, 2, 1],
      [0, 0, 0, 1],
      [NaN, 0, 0, 1],
      [1, 0, 1, 1],
    ])
      expect(cholesky(Float64Array.from(bad), 2)).toBeUndefined();
  });
});

describe('what weighs', () => {
  it('is log p(x, z) and its gradient, each row’s own, in chunks of any size', async () => {
    const { x, rows } = await someRows(3);
    const before = memory().numTensors;
    const weights = exact.weights;
    const variance = exact.noise ** 2;
    const joint = (row: readonly number[], z: readonly number[]): number =>
      row.reduce(
        (sum, value, i) => {
          const off = value - exact.mean[i]! - weights[i]![0]! * z[0]! - weights[i]![1]! * z[1]!;
          return sum - 0.5 * (off ** 2 / variance + Math.log(2 * Math.PI * variance));
        },
        -0.5 * (z[0]! ** 2 + z[1]! ** 2) - Math.log(2 * Math.PI),
      );
    const slope = (row: readonly number[], z: readonly number[], d: number): number =>
      row.reduce((sum, value, i) => {
        const off = value - exact.mean[i]! - weights[i]![0]! * z[0]! - weights[i]![1]! * z[1]!;
        return sum + (off * weights[i]![d]!) / variance;
      }, -z[d]!);
    // Two z of row 2, then two of row 0; the coordinates of the first sum to 0.
    const z = Float32Array.of(1, -1, 0.5, 2, 0, 0, -1, 0.25);
    const of = [2, 2, 0, 0];
    for (const chunk of [1, 3, 100]) {
      const target = targetOf(
        worldOf(),
        params,
        { x },
        { key: key(1), chunk, begin: 0, signal: undefined },
      );
      expect([target.rows, target.dim]).toEqual([3, 2]);
      const found = await target.at(z, [2, 0]);
      const slopes = await target.slopesAt(z, [2, 0]);
      of.forEach((row, n) => {
        const at = [z[2 * n]!, z[2 * n + 1]!];
        expect(found.joint[n]).toBeCloseTo(joint(rows[row]!, at), 3);
        expect(found.prior[n]).toBeCloseTo(
          -0.5 * (at[0]! ** 2 + at[1]! ** 2) - Math.log(2 * Math.PI),
          5,
        );
        expect(slopes.joint[n]).toBeCloseTo(joint(rows[row]!, at), 3);
        for (const d of [0, 1])
          expect(slopes.gradient[2 * n + d]).toBeCloseTo(slope(rows[row]!, at, d), 2);
      });
    }
    expect(memory().numTensors).toBe(before);
    x.dispose();
  });

  it('is drawn from the prior for each row by its own noise', async () => {
    const draw = (rows: readonly number[], first: number, each = 3): Promise<Float32Array> =>
      priorRowDraws(worldOf(), params, {
        key: key(3),
        part: { first, count: 4, of: 9 },
        each,
        rows,
      });
    const two = await draw([0, 2], 1);
    expect(two).toHaveLength(2 * 3 * 2);
    expect(two.slice(6)).toEqual(await draw([2], 1));
    expect(two.slice(6)).toEqual(await draw([1], 2));
    expect(two.slice(0, 6)).not.toEqual(two.slice(6));
    expect(await draw([0, 1], 0, 0)).toHaveLength(0);
  });
});

describe('a likelihood by a fitted proposal', () => {
  const discriminator = denseDiscriminator({ hidden: [2] });
  const bare: Model = compose({
    prior: standardNormal(2),
    decoder,
    terms: [adversarialX({ discriminator })],
  });

  it('needs no encoder', async () => {
    const { x, rows } = await someRows(2);
    const samples = 300;
    const found = await estimateLikelihood(bare, { decoder: {} }, { x }, { key: key(4), samples });
    rows.forEach((row, i) => {
      const error = Math.sqrt(1 / found.effectiveSampleSize[i]! - 1 / samples);
      expect(error).toBeLessThan(0.1);
      expect(Math.abs(found.logLikelihood[i]! - exact.logProb(row))).toBeLessThan(
        4.5 * error + 1e-3,
      );
    });
  });

  it('tells how far it is: ever more, to the end, of blocks of rows', async () => {
    const { x, rows } = await someRows(5);
    const shares: number[] = [];
    const found = await logLikelihood(
      worldOf(1.2),
      params,
      { x },
      {
        key: key(5),
        samples: 1500,
        // Two rows of two dimensions at once.
        chunk: 8,
        onProgress: (share) => shares.push(share),
      },
    );
    // Of each of three blocks the fit, and two rounds of draws.
    expect(shares).toHaveLength(9);
    expect(shares.every((share, i) => share > (shares[i - 1] ?? 0))).toBe(true);
    expect([shares[2], shares[5], shares[8]]).toEqual([2 / 5, 4 / 5, 1]);
    expect(
      Math.abs(meanOf(found.logLikelihood) - meanOf(rows.map((row) => exact.logProb(row)))),
    ).toBeLessThan(0.05);
  });
});
