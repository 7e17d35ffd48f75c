import { countParams } from '@elbo/core';
import { concatDiscriminator } from '@elbo/discriminators';
import { compose, measure, reconstruction, type Term } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { disposeState } from '@elbo/training';
import { exactLinearGaussian } from '@elbo/datasets';
import { dispose, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adaptiveContrastKl, adversarialKl } from '../src/index.js';
import {
  centre,
  decoderOf,
  exactKl,
  falling,
  finish,
  logDensity,
  logPrior,
  normalRows,
  prior,
  twoBumps,
  useWasm,
  valuesOf,
  variances,
  type TwoBumps,
} from './support.js';

beforeAll(useWasm);

const data = normalRows(20_000);
const probes = valuesOf(normalRows(2000, 2));
const decoder = decoderOf(
  exactLinearGaussian({
    weights: [
      [1, 0],
      [0, 1],
    ],
    mean: [0, 0],
    noise: 1,
  }),
);
const discriminator = concatDiscriminator({ hidden: [48, 48] });
const steps = 1000;
const batchSize = 256;

const gaussian: TwoBumps = {
  map: [
    [0.7, -0.3],
    [0.2, 0.6],
  ],
  spread: [0.6, 0.8],
  split: [0, 0],
};
const bimodal: TwoBumps = { ...gaussian, spread: [0.5, 0.6], split: [0.9, 0] };

describe.each([
  ['plain contrast, of a normal posterior', adversarialKl({ discriminator }), gaussian],
  ['plain contrast, of a bimodal posterior', adversarialKl({ discriminator }), bimodal],
  ['adaptive contrast, of a bimodal posterior', adaptiveContrastKl({ discriminator }), bimodal],
] as [string, Term<'posterior' | 'moments'>, TwoBumps][])('%s', (name, term, q) => {
  const adaptive = name.startsWith('adaptive');
  it('T becomes log q(z|x) less the log density of what it is contrasted with, and its mean the KL', async () => {
    const model = compose({
      prior,
      encoder: twoBumps(q),
      decoder,
      terms: [reconstruction(), term],
    });
    const { state } = await finish(model, data, {
      steps,
      batchSize,
      seed: 3,
      primal: falling(1e-3, steps),
      dual: falling(1e-2, steps),
      // The encoder has nothing to train: only the discriminator moves.
      warmUp: steps,
      every: steps,
    });
    const rows = probes.length / 2;
    const x: Tensor2D = tensor2d(probes, [rows, 2]);
    const z = tidy(() => {
      const open = model.open(state.params.primal, { x }, { step: 0, key: key(4), training: false });
      const drawn = open.pass.z.clone();
      open.dispose();
      return drawn;
    });
    const drawn = z.dataSync<'float32'>();
    const standard = drawn.map((value, i) => {
      const row = probes.subarray(2 * (i >> 1), 2 * (i >> 1) + 2);
      return (value - centre(q, row)[i % 2]!) / Math.sqrt(variances(q)[i % 2]!);
    });
    const t = tidy(() =>
      discriminator
        .apply(state.params.dual.kl!, { training: false, key: key(0) }, x, tensor2d(adaptive ? standard : drawn, [rows, 2]))
        .dataSync<'float32'>(),
    );
    let [weighted, squares, spread, sum] = [0, 0, 0, 0];
    const ratios = Array.from({ length: rows }, (_, i) => {
      const [a, b] = [2 * i, 2 * i + 2];
      const logQ = logDensity(q, probes.subarray(a, b), drawn.subarray(a, b));
      // log N(ẑ; 0, I) less log |dẑ/dz| is log r(z|x).
      return adaptive
        ? logQ + 0.5 * variances(q).reduce((s, v) => s + Math.log(v), 0) - logPrior(standard.subarray(a, b))
        : logQ - logPrior(drawn.subarray(a, b));
    });
    ratios.forEach((ratio, i) => {
      const error = t[i]! - ratio;
      weighted += error ** 2 / (1 + Math.exp(ratio)) / rows;
      squares += error ** 2 / rows;
      sum += ratio / rows;
    });
    ratios.forEach((ratio) => (spread += (ratio - sum) ** 2 / rows));
    const bound = countParams(state.params.dual.kl!) / (steps * batchSize);
    const exact = Array.from({ length: rows }, (_, i) => exactKl(q, probes.subarray(2 * i, 2 * i + 2)));
    const exactMean = exact.reduce((a, b) => a + b) / rows;
    const kls = Array.from({ length: 50 }, (_, i) => {
      const m = measure(model, state.params, { x }, { step: 0, key: fold(key(9), i) });
      const v = m.kl!.dataSync()[0]!;
      dispose(m);
      return v;
    });
    console.log(name, { weighted, bound, rms: Math.sqrt(squares), spread: Math.sqrt(spread), exactMean, kl: kls.reduce((a, b) => a + b) / 50 });
    dispose([x, z]);
    disposeState(state);
    expect(weighted).toBeLessThan(bound);
  });
});
