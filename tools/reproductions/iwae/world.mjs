// A model in 20 dimensions whose evidence and posterior are known: z ~ N(0, I), x|z ~ N(z + shift, I), hence
// p(z|x) = N((x − shift)/2, ½ I). Its posterior is q(z|x) = N(mean, ⅔ I) with a parameter for the mean of each row, so
// that one gradient of many rows is many gradients.
import { normal, standardNormal } from '@elbo/core';
import { detach, gradientsOf, scope } from '@elbo/gradients';
import { iwaeBound } from '@elbo/iwae';
import { compose, play } from '@elbo/objectives';
import { normal as normalNumbers } from '@elbo/random';
import { add, fill, mul, tensor2d, zeros, zerosLike } from '@tensorflow/tfjs-core';

const dims = 20;

function posteriorOf(mean) {
  const q = normal(mean, fill(mean.shape, Math.log(2 / 3)));
  const { location, logVar, sample, logProb } = q;
  return { location, logVar, sample, logProb, detach: () => posteriorOf(detach(mean)) };
}

const encoder = {
  config: { kind: 'rows' },
  offers: ['posterior', 'logProb'],
  latent: dims,
  init: () => ({ mean: zeros([1, dims]) }),
  posterior: ({ mean }) => posteriorOf(mean),
};

const decoder = {
  config: { kind: 'shifted' },
  init: () => ({ shift: zeros([dims]) }),
  likelihood: ({ shift }, _mode, z) => normal(add(z, shift), zerosLike(z)),
};

/** The decoder, which calls `watch` with each of its likelihoods on the tape. */
const watched = (watch) => ({
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

function modelOf(options, watch = () => {}) {
  return compose({
    prior: standardNormal(dims),
    encoder,
    decoder: watched(watch),
    terms: [iwaeBound(options)],
  });
}

/** log p(x) = log N(x; 0, 2 I) of rows of numbers. */
function logEvidence(x, rows) {
  return Array.from({ length: rows }, (_, row) => {
    const squares = x.subarray(row * dims, (row + 1) * dims).reduce((sum, v) => sum + v * v, 0);
    return -0.25 * squares - (dims / 2) * Math.log(4 * Math.PI);
  });
}

/**
 * log p(x) − L_K, by quadrature: a weight over p(x) is w = (4/3)¹⁰ exp(−c/6) with c ~ χ² of 20 degrees, and with φ(t) the
 * mean of exp(−t w), E log Σ w = ∫ (exp(−t) − φ(t)^K) dt/t.
 */
export function exactGap(samples) {
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
export function gaps(options, { key, rows }) {
  const x = normalNumbers(key, rows * dims).map((value) => value * Math.SQRT2);
  const estimates = scope(() => {
    const batch = { x: tensor2d(x, [rows, dims]) };
    const primal = { encoder: { mean: mul(batch.x, 0.5) }, decoder: decoder.init() };
    return modelOf(options).elbo({ primal, dual: {} }, batch, key);
  });
  const values = estimates.dataSync();
  estimates.dispose();
  return logEvidence(x, rows).map((evidence, row) => evidence - values[row]);
}

/**
 * The gradients of −L_K for each row's mean, which is off by .1 in every coordinate, and for the decoder's shift,
 * summed over rows; on the host. `watch` is called with each likelihood.
 */
export function gradients(options, { key, rows, shift = 0, watch }) {
  const found = scope(() => {
    const primal = {
      encoder: { mean: fill([rows, dims], 0.1) },
      decoder: { shift: fill([dims], shift) },
    };
    const batch = { x: zeros([rows, dims]) };
    const model = modelOf(options, watch);
    let open;
    const { all } = gradientsOf(
      () => {
        open = model.open(primal, batch, { step: 0, key, training: true });
        return { all: mul(play(model, open, {}).primal(), rows) };
      },
      { all: primal },
    );
    open.dispose();
    return all;
  });
  const { encoder: ofEncoder, decoder: ofDecoder } = found.gradients;
  const read = (tensor) => Float64Array.from(tensor.dataSync());
  const numbers = {
    mean: read(ofEncoder.mean),
    shift: read(ofDecoder.shift),
    loss: found.value.dataSync()[0],
  };
  for (const tensor of [found.value, ofEncoder.mean, ofDecoder.shift]) tensor.dispose();
  return numbers;
}

/** Mean, standard deviation and standard error of numbers. */
export function moments(numbers) {
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const variance = numbers.reduce((a, b) => a + (b - mean) ** 2, 0) / (numbers.length - 1);
  return {
    mean,
    deviation: Math.sqrt(variance),
    error: Math.sqrt(variance / numbers.length),
  };
}

/** The slope of log y over log x by least squares. */
export function logLogSlope(points) {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const [x, y] = [0, 1].map((i) => logs.reduce((sum, point) => sum + point[i], 0) / logs.length);
  const covariance = logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covariance / logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}
