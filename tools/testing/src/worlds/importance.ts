// A model in 20 dimensions whose evidence and posterior are known: z ~ N(0, I), x|z ~ N(z + shift, I), hence
// p(z|x) = N((x − shift)/2, ½ I). Its posterior is q(z|x) = N(mean, ⅔ I) with a parameter for the mean of each row, so
// that one gradient of many rows is many gradients.
import { normal, standardNormal, tensorAt } from '@elbo/core';
import { detach, gradientsOf, scope } from '@elbo/gradients';
import { iwaeBound, type IwaeBoundOptions } from '@elbo/iwae';
import {
  compose,
  evaluateTerms,
  type Decoder,
  type Encoder,
  type ForwardPass,
  type LogProb,
  type Model,
  type Sampled,
} from '@elbo/objectives';
import { normal as normalNumbers, type Key } from '@elbo/random';
import {
  add,
  fill,
  mul,
  tensor2d,
  zeros,
  zerosLike,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** What numbers are drawn from, and for how many rows. */
export interface Drawn {
  readonly key: Key;
  readonly rows: number;
}

const dims = 20;

function posteriorOf(mean: Tensor2D): Sampled & LogProb {
  const { sample, logProb } = normal<Tensor2D>(mean, fill(mean.shape, Math.log(2 / 3)));
  return { sample, logProb, detach: () => posteriorOf(detach(mean)) };
}

const encoder: Encoder<'posterior' | 'logProb'> = {
  config: { kind: 'rows' },
  offers: ['posterior', 'logProb'],
  latent: dims,
  init: () => ({ mean: zeros([1, dims]) }),
  posterior: ({ mean }) => posteriorOf(mean as Tensor2D),
};

const unshifted = (): { readonly shift: Tensor1D } => ({ shift: zeros([dims]) });

const decoder: Decoder = {
  config: { kind: 'shifted' },
  init: () => unshifted(),
  likelihood: ({ shift }, _mode, z) => normal<Tensor>(add(z, shift as Tensor1D), zerosLike(z)),
};

/** The decoder, which calls `watch` with each of its likelihoods on the tape. */
const watched = (watch: () => void): Decoder => ({
  ...decoder,
  likelihood: (...args) => {
    const made = decoder.likelihood(...args);
    return {
      ...made,
      logProb: (x) => {
        const value = made.logProb(x);
        watch();
        return value;
      },
    };
  },
});

function modelOf(
  options: IwaeBoundOptions,
  watch: () => void = () => undefined,
): Model<'posterior' | 'logProb'> {
  return compose({
    prior: standardNormal(dims),
    encoder,
    decoder: watched(watch),
    terms: [iwaeBound(options)],
  });
}

/** log p(x) = log N(x; 0, 2 I) of rows of numbers. */
function logEvidence(x: Float32Array, rows: number): readonly number[] {
  return Array.from({ length: rows }, (_, row) => {
    const squares = x.subarray(row * dims, (row + 1) * dims).reduce((sum, v) => sum + v * v, 0);
    return -0.25 * squares - (dims / 2) * Math.log(4 * Math.PI);
  });
}

/**
 * log p(x) − L_K, by quadrature: a weight over p(x) is w = (4/3)¹⁰ exp(−c/6) with c ~ χ² of 20 degrees, and with φ(t) the
 * mean of exp(−t w), E log Σ w = ∫ (exp(−t) − φ(t)^K) dt/t.
 */
export function exactGap(samples: number): number {
  const [points, largest, step] = [1500, 120, 0.05];
  const weights = Array.from({ length: points }, (_, i) => {
    const c = ((i + 0.5) * largest) / points;
    const density = Math.exp(9 * Math.log(c) - c / 2) / (2 ** 10 * 362_880);
    return { w: (4 / 3) ** 10 * Math.exp(-c / 6), p: (density * largest) / points };
  });
  let integral = 0;
  for (let log = -30; log < 25; log += step) {
    const t = Math.exp(log);
    const phi = weights.reduce((sum, { w, p }) => sum + p * Math.exp((-t * w) / samples), 0);
    integral += step * (Math.exp(-t) - phi ** samples);
  }
  return -integral;
}

/** log p(x) − L_K of one estimate for each of `rows` rows, with the posterior's mean right. */
export function gaps(options: IwaeBoundOptions, { key, rows }: Drawn): readonly number[] {
  const x = normalNumbers(key, rows * dims).map((value) => value * Math.SQRT2);
  const estimates = scope(() => {
    const batch = { x: tensor2d(x, [rows, dims]) };
    const primal = { encoder: { mean: mul(batch.x, 0.5) }, decoder: unshifted() };
    return modelOf(options).elbo({ primal, dual: {} }, batch, key);
  });
  const values = estimates.dataSync();
  estimates.dispose();
  return logEvidence(x, rows).map((evidence, row) => evidence - values[row]!);
}

/**
 * The gradients of −L_K for each row's mean, which is off by .1 in every coordinate, and for the decoder's shift,
 * summed over rows; on the host. `watch` is called with each likelihood.
 */
export function gradients(
  options: IwaeBoundOptions,
  {
    key,
    rows,
    shift = 0,
    watch,
  }: Drawn & { readonly shift?: number; readonly watch?: (() => void) | undefined },
): { readonly mean: Float64Array; readonly shift: Float64Array; readonly loss: number } {
  const found = scope(() => {
    const primal = {
      encoder: { mean: fill([rows, dims], 0.1) },
      decoder: { shift: fill([dims], shift) },
    };
    const batch = { x: zeros([rows, dims]) };
    const model = modelOf(options, watch);
    let forward: ForwardPass | undefined;
    const { all } = gradientsOf(
      () => {
        forward = model.forward(primal, batch, { step: 0, key, training: true });
        return { all: mul<Scalar>(evaluateTerms(model, forward, {}).primal(), rows) };
      },
      { all: primal },
    );
    forward?.dispose();
    return all;
  });
  const of = (path: string): Tensor => tensorAt(found.gradients, path);
  const [ofMean, ofShift] = [of('encoder/mean'), of('decoder/shift')];
  const read = (tensor: Tensor): Float64Array => Float64Array.from(tensor.dataSync());
  const numbers = {
    mean: read(ofMean),
    shift: read(ofShift),
    loss: found.value.dataSync()[0]!,
  };
  for (const tensor of [found.value, ofMean, ofShift]) tensor.dispose();
  return numbers;
}

/** Mean, standard deviation and standard error of numbers. */
export function moments(numbers: ArrayLike<number>): {
  readonly mean: number;
  readonly deviation: number;
  readonly error: number;
} {
  const { length } = numbers;
  const values = Array.from(numbers);
  const mean = values.reduce((a, b) => a + b, 0) / length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (length - 1);
  return {
    mean,
    deviation: Math.sqrt(variance),
    error: Math.sqrt(variance / length),
  };
}

/** The slope of log y over log x by least squares. */
export function logLogSlope(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const meanOf = (i: 0 | 1): number => logs.reduce((sum, point) => sum + point[i], 0) / logs.length;
  const [x, y] = [meanOf(0), meanOf(1)];
  const covariance = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covariance / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
