import { key } from '@elbo/random';
import { describe, expect, it } from 'vitest';
import {
  betaVaeScore,
  dci,
  disentanglementOf,
  factorVaeScore,
  knnAccuracy,
  linearProbe,
  mig,
  sap,
  type LabelledPoints,
  type Points,
  type Represented,
} from '../src/index.js';
import { lasso } from '../src/representation/lasso.js';
import { gaussianPoints } from './gaussians.js';

/** Every combination of two factors, 0 to 3 and 0 to 2, eight times; they are exactly independent. */
const grid = Array.from({ length: 96 }, (_, i) => [i % 4, Math.floor(i / 4) % 3] as const);

const pointsOf = (rows: readonly (readonly number[])[]): Points => ({
  values: Float64Array.from(rows.flat()),
  dim: rows[0]!.length,
});

/** The codes that a map makes of the factors. */
const coded = (code: (v: number, w: number, row: number) => readonly number[]): Represented => ({
  codes: pointsOf(grid.map(([v, w], row) => code(v, w, row))),
  factors: pointsOf(grid),
});

const perfect = coded((v, w) => [-3 * w, 0, 10 + v]);
/** Both factors in both coordinates, evenly: standardised, then turned by 45°. */
const turned = coded((v, w) => {
  const [a, b] = [(v - 1.5) / Math.sqrt(1.25), (w - 1) / Math.sqrt(2 / 3)];
  return [a + b, a - b];
});

describe('mig', () => {
  it('is 1 of one coordinate for each factor, and 0 of two', () => {
    expect(mig(perfect).score).toBeCloseTo(1, 12);
    expect(mig(coded((v, w) => [v, v, w, w])).score).toBeCloseTo(0, 12);
  });

  it('is a difference of informations, as shares of entropies', () => {
    // The second coordinate has half of the first factor's two bits; the other factor is in none.
    const { ofFactors, ofCoordinates } = mig(coded((v) => [v, Math.floor(v / 2)]));
    expect(ofCoordinates[0]![0]).toBeCloseTo(1, 12);
    expect(ofCoordinates[0]![1]).toBeCloseTo(1 / 2, 12);
    expect(ofFactors[0]).toBeCloseTo(1 / 2, 12);
    expect(ofFactors[1]).toBeCloseTo(0, 12);
  });

  it('cuts amounts in parts', () => {
    // 96 values in 4 parts of 24 rows, which are the classes of a factor that goes with them.
    const amounts: Represented = {
      codes: pointsOf(grid.map((_, row) => [row, row % 2])),
      factors: pointsOf(grid.map((_, row) => [Math.floor(row / 24)])),
    };
    expect(mig(amounts, { bins: 4 }).score).toBeCloseTo(1, 12);
  });
});

describe('scores of coordinates', () => {
  /** The same codes in other units, from another origin. */
  const inUnits = (
    scale: number,
    origin: number,
    { codes, factors }: Represented,
  ): Represented => ({
    codes: { ...codes, values: codes.values.map((value) => scale * value + origin) },
    factors,
  });

  it('do not hang on units nor on the origin', () => {
    const amounts = coded((v, w, row) => [v + 0.01 * row, w * v, w - 0.3 * v]);
    const options = { key: key(1), votes: 60, rows: 8 };
    const all = (of: Represented) => [
      mig(of, { bins: 6 }).score,
      sap(of).score,
      dci(of, of).disentanglement,
      dci(of, of).completeness,
      factorVaeScore(of, options).mean,
      betaVaeScore(of, options).mean,
    ];
    const here = all(amounts);
    // Powers of two, so that not even rounding tells them apart.
    for (const [scale, origin] of [
      [2 ** -9, 0],
      [2 ** 9, 0],
      [1, 4096],
    ] as const)
      all(inUnits(scale, origin, amounts)).forEach((score, i) => {
        expect(score).toBeCloseTo(here[i]!, 6);
      });
  });

  it('take what is documented where nothing is told', () => {
    const many = coded((v, w, row) => [v + 0.01 * row, w * v]);
    const at = { key: key(1) };
    expect(mig(many)).toEqual(mig(many, { bins: 20 }));
    expect(dci(many, many)).toEqual(dci(many, many, { penalty: 0.02 }));
    expect(factorVaeScore(turned, at)).toEqual(
      factorVaeScore(turned, { ...at, votes: 800, rows: 64 }),
    );
    expect(betaVaeScore(turned, { ...at, votes: 20 })).toEqual(
      betaVaeScore(turned, { ...at, votes: 20, rows: 64 }),
    );
    for (const score of [factorVaeScore, betaVaeScore])
      for (const name of ['votes', 'rows'] as const)
        expect(() => score(perfect, { ...at, [name]: 0 })).toThrow(
          `'${name}' must be a whole number from 1`,
        );
  });

  it('leave out coordinates that never vary', () => {
    const { ofCoordinates } = sap(perfect);
    expect(ofCoordinates.map((row) => row[1])).toEqual([0, 0]);
    for (const row of mig(perfect).ofCoordinates) expect(row[1]).toBeCloseTo(0, 12);
  });
});

describe('sap', () => {
  it('is the difference of the two greatest squared correlations', () => {
    expect(sap(perfect).score).toBeCloseTo(1, 12);
    expect(sap(turned).score).toBeCloseTo(0, 12);
    // v + w has the share 1.25 / (1.25 + 2/3) of its variance from v.
    const { ofFactors } = sap(coded((v, w) => [v, v + w]));
    const share = 1.25 / (1.25 + 2 / 3);
    expect(ofFactors[0]).toBeCloseTo(1 - share, 12);
    expect(ofFactors[1]).toBeCloseTo(1 - share, 12);
  });
});

describe('disentanglementOf', () => {
  it('gives every score of perfect codes as 1, and of none of a mixture', () => {
    const best = disentanglementOf(perfect, { key: key(1) });
    const mixed = disentanglementOf(turned, { key: key(1) });
    const scores = ({ mig, sap, disentanglement, completeness }: typeof best) => [
      mig.score,
      sap.score,
      disentanglement,
      completeness,
    ];
    // The penalty of the lasso takes nothing from coordinates that are alone; halves of the grid are as even as it.
    for (const score of scores(best)) expect(score).toBeCloseTo(1, 6);
    for (const score of scores(mixed)) expect(score).toBeLessThan(0.1);
    expect(best.factorVae!.mean).toBe(1);
    expect(best.betaVae!.mean).toBe(1);
  });

  it('leaves out what needs rows that share a value where all values differ', () => {
    const amounts: Represented = {
      codes: pointsOf(grid.map((_, row) => [row, (row * 7) % 96])),
      factors: pointsOf(grid.map((_, row) => [row, row % 3])),
    };
    const found = disentanglementOf(amounts, { key: key(1) });
    expect(found.factorVae).toBeUndefined();
    expect(found.betaVae).toBeUndefined();
    expect(found.mig.ofFactors).toHaveLength(2);
  });
});

describe('lasso', () => {
  it('shrinks the coefficients of orthogonal columns by the penalty, to 0', () => {
    const columns = [Float64Array.of(1, -1, 1, -1), Float64Array.of(1, 1, -1, -1)];
    const y = Float64Array.from(columns[0]!, (a, i) => 0.5 * a - 0.1 * columns[1]![i]!);
    expect([...lasso(columns, y, 0.2)].map((w) => +w.toFixed(12))).toEqual([0.3, 0]);
  });

  it('is at a minimum of its objective for columns that are correlated', () => {
    const { values } = gaussianPoints(1, 60, [0, 0, 0]);
    const noise = [0, 1, 2].map((d) => Float64Array.from(values.filter((_, i) => i % 3 === d)));
    const columns = [noise[0]!, noise[1]!.map((v, i) => v + noise[0]![i]!)];
    const y = noise[2]!.map((v, i) => v + noise[1]![i]!);
    const objective = (w: ArrayLike<number>): number =>
      y.reduce(
        (sum, v, i) => sum + (v - w[0]! * columns[0]![i]! - w[1]! * columns[1]![i]!) ** 2,
        0,
      ) /
        (2 * y.length) +
      0.1 * (Math.abs(w[0]!) + Math.abs(w[1]!));
    const found = lasso(columns, y, 0.1);
    for (const [a, b] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
      [1, -1],
      [-1, 1],
    ] as const)
      expect(objective([found[0]! + 1e-3 * a, found[1]! + 1e-3 * b])).toBeGreaterThan(
        objective(found),
      );
  });
});

describe('dci', () => {
  it('is perfect of one coordinate for each factor', () => {
    const found = dci(perfect, perfect);
    expect(found.disentanglement).toBeCloseTo(1, 12);
    expect(found.completeness).toBeCloseTo(1, 12);
    // The penalty takes .02 off a coefficient of 1.
    for (const error of found.errors) expect(error).toBeCloseTo(0.02, 10);
    expect(found.importance[1]).toEqual([0, 0]);
  });

  it('sees a rotation, which loses nothing', () => {
    const found = dci(turned, turned, { penalty: 0 });
    expect(found.disentanglement).toBeCloseTo(0, 8);
    expect(found.completeness).toBeCloseTo(0, 8);
    for (const error of found.errors) expect(error).toBeCloseTo(0, 8);
  });

  it('weighs coordinates by their importance', () => {
    // The first factor is in one coordinate; the second in the difference of the others, and in nothing else.
    const noise = gaussianPoints(5, 96, [0]).values;
    const mixed = coded((v, w, row) => [v, w + noise[row]!, noise[row]!]);
    const found = dci(mixed, mixed, { penalty: 0 });
    expect(found.disentanglement).toBeCloseTo(1, 6);
    const [, b, c] = found.importance.map((row) => row[1]!);
    const shares = [b! / (b! + c!), c! / (b! + c!)];
    const entropy = -shares.reduce((sum, share) => sum + share * Math.log(share), 0) / Math.log(3);
    expect(found.completeness).toBeCloseTo((1 + 1 - entropy) / 2, 6);
  });
});

describe('scores with a fixed factor', () => {
  const options = { key: key(1), votes: 200, rows: 32 };

  it('are 1 of one coordinate for each factor', () => {
    expect(factorVaeScore(perfect, options)).toEqual({ mean: 1, error: 0 });
    expect(betaVaeScore(perfect, options)).toEqual({ mean: 1, error: 0 });
  });

  it('are chance of codes that have nothing to do with them', () => {
    const noise = gaussianPoints(2, 96, [0, 0]).values;
    const unrelated = coded((_v, _w, row) => [noise[2 * row]!, noise[2 * row + 1]!]);
    const error = Math.sqrt(0.25 / 200);
    // 96 fixed rows do differ a little from group to group: a rule may use that.
    expect(Math.abs(factorVaeScore(unrelated, options).mean - 0.5)).toBeLessThan(4 * error + 0.1);
    expect(Math.abs(betaVaeScore(unrelated, options).mean - 0.5)).toBeLessThan(4 * error + 0.1);
  });

  it('fall on a rotation, where no coordinate is of one factor', () => {
    const found = factorVaeScore(turned, options);
    expect(found.mean).toBeLessThan(0.8);
    expect(factorVaeScore(perfect, options).mean).toBeGreaterThan(found.mean);
  });

  it('need rows that share a value', () => {
    const amounts: Represented = {
      codes: perfect.codes,
      factors: pointsOf(grid.map((_, i) => [i % 2, i])),
    };
    expect(() => factorVaeScore(amounts, options)).toThrow('rows that share a value');
    expect(() => betaVaeScore(amounts, options)).toThrow('rows that share a value');
  });

  it('need two factors, as of one nobody can be wrong about which; the other scores do not', () => {
    const single: Represented = {
      codes: perfect.codes,
      factors: pointsOf(grid.map((_, i) => [i % 3])),
    };
    for (const score of [factorVaeScore, betaVaeScore])
      expect(() => score(single, options)).toThrow(/not estimable from 1 factor; 2 are the least/);
    const { factorVae, betaVae, ...others } = disentanglementOf(single, options);
    expect([factorVae, betaVae]).toEqual([undefined, undefined]);
    const figures = [others.mig.score, others.sap.score, others.completeness];
    expect(figures.every(Number.isFinite)).toBe(true);
  });
});

describe('bad factors', () => {
  it('are named', () => {
    const constant: Represented = {
      codes: perfect.codes,
      factors: pointsOf(grid.map(([v]) => [v, 1])),
    };
    expect(() => mig(constant)).toThrow('mig: factor 1 is constant');
    const short: Represented = { codes: pointsOf([[1], [2]]), factors: perfect.factors };
    expect(() => sap(short)).toThrow('2 codes need as many rows of factors, not 96');
  });
});

describe('probes', () => {
  /** Two normals with centres that are two standard deviations apart, half of each. */
  const normals = (seed: number, count: number): LabelledPoints => {
    const { values } = gaussianPoints(seed, count, [0, 0], [1, 3]);
    return {
      points: { values: values.map((v, i) => (i % 4 === 0 ? v + 2 : v)), dim: 2 },
      labels: Array.from({ length: count }, (_, i) => 1 - (i % 2)),
    };
  };

  it('linearProbe comes to the best accuracy of two normals, Φ(1)', () => {
    const count = 2000;
    const found = linearProbe(normals(3, 1000), normals(4, count), { steps: 100 });
    expect(Math.abs(found.mean - 0.8413)).toBeLessThan(4 * found.error);
    expect(found.error).toBeCloseTo(Math.sqrt((0.8413 * 0.1587) / count), 3);
  });

  it('linearProbe tells three classes apart that lines divide', () => {
    const three: LabelledPoints = {
      points: pointsOf(grid.map(([v, w]) => [v / 10, 5 * w])),
      labels: grid.map(([, w]) => w),
    };
    expect(linearProbe(three, three).mean).toBe(1);
  });

  it('knnAccuracy is 1 where classes lie apart, whatever their shape, and votes', () => {
    const ring: LabelledPoints = {
      points: pointsOf(
        grid.map((_, i) => [Math.cos(i) * (1 + 4 * (i % 2)), Math.sin(i) * (1 + 4 * (i % 2))]),
      ),
      labels: grid.map((_, i) => i % 2),
    };
    expect(knnAccuracy(ring, ring).mean).toBe(1);
    expect(linearProbe(ring, ring).mean).toBeLessThan(0.8);
    const line: LabelledPoints = { points: pointsOf([[0], [1], [2]]), labels: [0, 1, 1] };
    const asked = (at: number, label: number): LabelledPoints => ({
      points: pointsOf([[at]]),
      labels: [label],
    });
    expect(knnAccuracy(line, asked(-1, 1), 3).mean).toBe(1);
    // One vote each: the nearer counts.
    expect(knnAccuracy(line, asked(0.4, 0), 2).mean).toBe(1);
    expect(knnAccuracy(line, asked(0.6, 1), 2).mean).toBe(1);
  });

  it('have as many steps, so much decay and so many neighbours as is documented', () => {
    // Uneven classes that overlap: the boundary moves with the decay, and rows that lie densely about it show where it is.
    const train: LabelledPoints = {
      points: pointsOf([[0], [1], [2], [3], [2.5], [4], [5], [1.5]]),
      labels: [0, 0, 0, 0, 1, 1, 1, 0],
    };
    const test: LabelledPoints = {
      points: pointsOf(Array.from({ length: 100_001 }, (_, i) => [2 + i / 50_000])),
      labels: Array.from({ length: 100_001 }, () => 1),
    };
    const usual = linearProbe(train, test);
    expect(usual).toEqual(linearProbe(train, test, { decay: 1e-4, steps: 300 }));
    expect(usual).not.toEqual(linearProbe(train, test, { decay: 2e-4 }));
    expect(knnAccuracy(train, train)).toEqual(knnAccuracy(train, train, 5));
  });

  it('refuse labels that are none', () => {
    const { points } = normals(1, 4);
    const bad = { points, labels: [0, 1, -1, 0] };
    expect(() => linearProbe(bad, bad)).toThrow('as many labels');
    expect(() => knnAccuracy(bad, bad)).toThrow('as many labels');
  });
});
