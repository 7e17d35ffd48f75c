import { adaptiveContrastKl, adversarialKl } from '@elbo/avb';
import { klNormalToStandard, normal as normals, standardNormal } from '@elbo/core';
import { concatDiscriminator, type PairNetwork } from '@elbo/discriminators';
import {
  compose,
  reconstruction,
  type Encoder,
  type Model,
  type Term,
  type Transport,
} from '@elbo/objectives';
import { key, normal, type Key } from '@elbo/random';
import {
  centre,
  exactKl,
  plainDecoder,
  twoBumps,
  variances,
  type TwoBumps,
} from '@elbo/testing/worlds';
import '@tensorflow/tfjs-backend-wasm';
import {
  add,
  concat,
  memory,
  moments,
  mul,
  setBackend,
  split,
  square as squareOf,
  tanh,
  tensor2d,
  tidy,
  tile,
  zeros,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { shapes } from '../src/diagnosis/probe.js';
import { diagnose, semiImplicitElbo, transportElbo } from '../src/index.js';
import { meanOf } from './world.js';

beforeAll(() => setBackend('wasm'));

const prior = standardNormal(2);

const bumps: TwoBumps = {
  map: [
    [0.5, 0],
    [0, 0.5],
  ],
  spread: [0.4, 0.5],
  split: [0.7, 0],
};
const rows = 40;
const values = normal(key(2), 2 * rows);
const rowOf = (i: number): Float32Array => values.subarray(2 * i, 2 * i + 2);

/** The ELBO of row x under x|z ~ N(z, I): its reconstruction in closed form, its KL by quadrature. */
function exactElbo(q: TwoBumps, x: ArrayLike<number>): number {
  const means = centre(q, x);
  const squares = variances(q).reduce((sum, s2, d) => sum + s2 + (x[d]! - means[d]!) ** 2, 0);
  return -Math.log(2 * Math.PI) - 0.5 * squares - exactKl(q, x);
}
const exact = meanOf(Array.from({ length: rows }, (_, i) => exactElbo(bumps, rowOf(i))));

/** KL(N(m, s²) ‖ N(0, I)) with the moments of the bumps, mean over rows. */
function klOfNormals(): number {
  const means = Array.from({ length: rows }, (_, i) => centre(bumps, rowOf(i)));
  const logVars = means.map(() => variances(bumps).map(Math.log));
  return meanOf(klNormalToStandard(normals(tensor2d(means), tensor2d(logVars))).dataSync());
}

function modelOf(term: Term<'posterior' | 'moments'>, q = bumps): Model {
  return compose({
    prior,
    encoder: twoBumps(q),
    decoder: plainDecoder,
    terms: [reconstruction(), term],
  });
}

const discriminator: PairNetwork = concatDiscriminator({ hidden: [32, 32] });

describe('the semi-implicit bounds', () => {
  const boundsAt = async (components: number, draws: number) => {
    const x = tensor2d(values, [rows, 2]);
    const model = modelOf(adversarialKl({ discriminator }));
    const { primal } = model.init(key(1), [2]);
    const before = memory().numTensors;
    const found = await semiImplicitElbo(model, primal, { x }, { key: key(4), components, draws });
    expect(memory().numTensors).toBe(before);
    x.dispose();
    return found;
  };
  // An ELBO of one draw has a standard deviation of about a nat in such rows.
  const error = (draws: number): number => 1.2 / Math.sqrt(rows * draws);

  it('hold the ELBO between them, and are far apart with one component', async () => {
    const found = await boundsAt(1, 400);
    expect(found.lower.mean).toBeLessThan(exact + 3 * error(400));
    expect(found.upper.mean).toBeGreaterThan(exact - 3 * error(400));
    expect(found.upper.mean - found.lower.mean).toBeGreaterThan(0.2);
  });

  it('meet at it as the components become many', async () => {
    const found = await boundsAt(400, 100);
    expect(found.upper.mean - found.lower.mean).toBeGreaterThan(0);
    expect(found.upper.mean - found.lower.mean).toBeLessThan(0.02);
    expect(Math.abs(found.lower.mean - exact)).toBeLessThan(0.02 + 3 * error(100));
  });
});

describe('the bound of a transport', () => {
  const few = 200;
  // As above.
  const error = 1.2 / Math.sqrt(rows * few);
  /** Draws of each row by so many copies of it: one of a thousand rows takes no longer than one of forty. */
  const boundOf = async (
    encoder: Encoder<'posterior' | 'moments'>,
    { draws, copies, components = 0 } = { draws: few / 5, copies: 5 },
  ) => {
    const x = tile(tensor2d(values, [rows, 2]), [copies, 1]);
    const model = compose({
      prior,
      encoder,
      decoder: plainDecoder,
      terms: [reconstruction(), adversarialKl({ discriminator })],
    });
    const { primal } = model.init(key(1), [2]);
    const before = memory().numTensors;
    const found = await transportElbo(model, primal, { x }, { key: key(4), draws, components });
    expect(memory().numTensors).toBe(before);
    x.dispose();
    return found;
  };
  /** Noise of two dimensions by a map, whatever x is. */
  const moving = (place: (base: Tensor2D) => Tensor2D): Encoder<'posterior' | 'moments'> => ({
    config: { kind: 'moving' },
    offers: ['posterior', 'moments'],
    latent: 2,
    init: () => ({}),
    posterior: (_params, _mode, x) => {
      const count = x.shape[0];
      const transport = (at: Key, samples = 1): Transport => ({
        base: prior.sample(at, samples * count),
        place,
      });
      return {
        mean: zeros([count, 2]),
        logVar: zeros([count, 2]),
        transport,
        sample: (at, samples) => place(transport(at, samples).base),
      };
    },
  });
  /** Of the first coordinate's ε moved by f, where ε has these weights: E f², and E log f'. */
  const quadrature = (f: (e: number) => number, slope: (e: number) => number) => {
    let [square, log] = [0, 0];
    const h = 0.01;
    for (let e = -10; e <= 10; e += h) {
      const weight = (h * Math.exp(-0.5 * e * e)) / Math.sqrt(2 * Math.PI);
      square += weight * f(e) ** 2;
      log += weight * Math.log(slope(e));
    }
    return { square, log };
  };

  it('is the ELBO itself of a normal', async () => {
    const normalOnly = { ...bumps, split: [0, 0] as const };
    const { lower, folded } = await boundOf(twoBumps(normalOnly));
    const of = meanOf(Array.from({ length: rows }, (_, i) => exactElbo(normalOnly, rowOf(i))));
    expect(Math.abs(lower.mean - of)).toBeLessThan(3 * error);
    expect(folded).toBe(0);
  });

  it('is lower by what the draw tells of the noise that is held', async () => {
    const { lower } = await boundOf(twoBumps(bumps));
    const c = bumps.split[0];
    // The held noise is a fair coin: I(z; side) = H(q) − H(q | side), of the dimension that is split.
    const one: TwoBumps = { ...bumps, split: [0, 0] };
    const at = [0, 0];
    const told = exactKl(one, at) - exactKl(bumps, at) + 0.5 * c * c;
    expect(told).toBeGreaterThan(0.3);
    expect(told).toBeLessThan(Math.log(2));
    expect(Math.abs(lower.mean - (exact - told))).toBeLessThan(3 * error);
  });

  it('meets one from above at the ELBO, where the held noise is averaged over', async () => {
    const { lower, upper } = await boundOf(twoBumps(bumps), {
      draws: 13,
      copies: 8,
      components: 75,
    });
    expect(upper!.mean - lower.mean).toBeGreaterThan(0);
    expect(upper!.mean - lower.mean).toBeLessThan(0.02);
    expect(Math.abs(lower.mean - exact)).toBeLessThan(0.02 + (3 * 1.2) / Math.sqrt(rows * 100));
  });

  it('is the ELBO itself of a normal that is bent and sheared', async () => {
    const { square, log } = quadrature(
      (e) => e + 0.9 * Math.tanh(2 * e),
      (e) => 1 + 1.8 / Math.cosh(2 * e) ** 2,
    );
    const many = 2000;
    const copies = 50;
    const { lower, folded } = await boundOf(
      moving((base) => {
        const [first, second] = split(base, 2, 1) as [Tensor2D, Tensor2D];
        const bent: Tensor2D = add(first, mul(tanh(mul(first, 2)), 0.9));
        const sheared: Tensor2D = add(second, mul(first, 2));
        return concat([bent, sheared], 1);
      }),
      { draws: many / copies, copies },
    );
    // Both coordinates are 0 in the mean; the shear, which makes the elimination pivot at some draws, changes no volume.
    const squares = square + (1 + 4);
    const x2 = meanOf(
      Array.from({ length: rows }, (_, i) => rowOf(i)[0]! ** 2 + rowOf(i)[1]! ** 2),
    );
    const logJoint = -2 * Math.log(2 * Math.PI) - squares - 0.5 * x2;
    const entropyOf = Math.log(2 * Math.PI * Math.E) + log;
    expect(log).toBeGreaterThan(0.3);
    expect(folded).toBe(0);
    // Of one draw |z|² has a standard deviation of about 8 here, and x·z of 3.
    expect(Math.abs(lower.mean - (logJoint + entropyOf))).toBeLessThan(
      (3 * 10) / Math.sqrt(rows * many),
    );
  });

  it('says where the map folds', async () => {
    const { folded } = await boundOf(moving((base) => squareOf(base)));
    // Of one coordinate's half lines each is as likely as the other: the determinant's sign is a coin.
    expect(folded).toBeGreaterThan(0.4);
  });
});

describe('posteriors that a discriminator is put to the test on', () => {
  const draws = 20_000;
  const means = [0.4, -1];
  const sds = [0.5, 2];
  const log2Pi = Math.log(2 * Math.PI);
  // The means and variances of log q at its own draws: of a normal's coordinate −½ log 2πs² − ½ ε², of half a normal's
  // the same with s² / (1 − 2/π) and log 2 more.
  const ofNormal = (sd: number) => -0.5 * (log2Pi + 1) - Math.log(sd);
  const folded = Math.LN2 + 0.5 * Math.log(1 - 2 / Math.PI);

  it.each([
    ['normal', 0],
    ['halfNormal', folded],
  ] as const)(
    'have the moments that they are given, and the entropy that is theirs: %s',
    (shape, more) => {
      tidy(() => {
        const q = shapes[shape](tensor2d([means]), tensor2d([sds.map((sd) => 2 * Math.log(sd))]));
        const z = q.sample(key(6), draws);
        const found = moments(z, 0);
        means.forEach((mean, d) => {
          const [middle, variance] = [found.mean.dataSync()[d]!, found.variance.dataSync()[d]!];
          expect(Math.abs(middle - mean)).toBeLessThan((4 * sds[d]!) / Math.sqrt(draws));
          // The kurtosis of half a normal is 3.87, of a normal 3.
          expect(Math.abs(variance / sds[d]! ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2.87 / draws));
        });
        const entropy = meanOf(q.logProb(z).dataSync());
        // log q is a sum of two −½ ε², of variance ½ each.
        const exactly = sds.reduce((sum, sd) => sum + ofNormal(sd), more);
        expect(Math.abs(entropy - exactly)).toBeLessThan(4 / Math.sqrt(draws));
      });
    },
  );

  it('is nothing beyond the edge', () => {
    tidy(() => {
      const q = shapes.halfNormal(tensor2d([[0, 0]]), tensor2d([[0, 0]]));
      const edge = -Math.sqrt(2 / Math.PI / (1 - 2 / Math.PI));
      const at = q.logProb(tensor2d([edge - 0.01, 0, edge + 0.01, 0], [2, 2])).dataSync();
      expect(at[0]).toBe(-Infinity);
      expect(at[1]).toBeGreaterThan(-2);
    });
  });
});

describe('discriminators fitted afresh', () => {
  const refit = { discriminators: 2, steps: 300, batchSize: 160, rate: 1e-2, draws: 100 };
  const diagnosed = async (model: Model) => {
    const x = tensor2d(values, [rows, 2]);
    const params = model.init(key(1), [2]);
    const before = memory().numTensors;
    const found = await diagnose(model, params, { x }, { key: key(3), samples: 300, refit });
    expect(memory().numTensors).toBe(before);
    x.dispose();
    return found;
  };

  // Each takes thousands of steps: by day one is enough.
  const contrasts = [
    ['plain', adversarialKl({ discriminator })],
    ['adaptive', adaptiveContrastKl({ discriminator })],
  ] as const;
  it.each(process.env.ELBO_NIGHTLY ? contrasts : contrasts.slice(0, 1))(
    'find the ELBO of a posterior of two bumps: %s contrast',
    async (_name, term) => {
      const found = await diagnosed(modelOf(term));
      const { interval, atMost, probes } = found.refit!;
      expect(interval[0]).toBeLessThan(exact);
      expect(interval[1]).toBeGreaterThan(exact);
      expect(interval[1] - interval[0]).toBeLessThan(0.4);
      expect(atMost.mean).toBeGreaterThan(interval[0]);
      expect(atMost.mean).toBeLessThan(interval[1]);
      // One that was never trained says that the KL is 0, or that of the normal that is contrasted with.
      expect(found.elbo).toBeGreaterThan(interval[1]);
      expect(found.verdict).toBe('lagging');
      expect(found.warnings.at(-1)).toContain('above the true one');
      const { deviation } = found.refit!;
      expect(deviation[0]).toBeLessThan(found.elbo - exact);
      expect(deviation[1]).toBeGreaterThan(found.elbo - exact);
      // What the probe should find is known for plain contrast: the KL of normals, here by 400 draws of T*.
      if (term.config.kind === 'adversarial-kl')
        expect(Math.abs(probes.normal!.exact - klOfNormals())).toBeLessThan(0.1);
      for (const found of Object.values(probes)) expect(found!.slope).toBeLessThan(1.1);
    },
  );
});
