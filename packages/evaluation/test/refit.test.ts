import '@tensorflow/tfjs-backend-wasm';
import { adaptiveContrastKl, adversarialKl } from '@elbo/avb';
import { klNormalToStandard, normal as normals, standardNormal } from '@elbo/core';
import { concatDiscriminator, type PairNetwork } from '@elbo/discriminators';
import { compose, reconstruction, type Model, type Term } from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { memory, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { plainDecoder } from '../../../tools/worlds/linear.js';
import {
  centre,
  exactKl,
  twoBumps,
  variances,
  type TwoBumps,
} from '../../../tools/worlds/two_bumps.js';
import { diagnose, semiImplicitElbo } from '../src/index.js';
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

  it.each([
    ['plain', adversarialKl({ discriminator })],
    ['adaptive', adaptiveContrastKl({ discriminator })],
  ])('find the ELBO of a posterior of two bumps: %s contrast', async (_name, term) => {
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
    expect(found.warnings.at(-1)).toContain('fitted afresh');
    // What the probe should find is known for plain contrast: the KL of normals whose moments 64 draws tell to an eighth.
    if (term.config.kind === 'adversarial-kl')
      expect(Math.abs(probes.normal!.exact - klOfNormals())).toBeLessThan(0.1);
    for (const { slope } of [probes.normal!, probes.twoBumps!]) expect(slope).toBeLessThan(1.1);
  });
});
