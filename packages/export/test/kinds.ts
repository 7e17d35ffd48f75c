import { oneHotPrior, productPrior, standardNormal, type Network } from '@elbo/core';
import * as decoders from '@elbo/decoders';
import * as encoders from '@elbo/encoders';
import { iwae } from '@elbo/iwae';
import * as networks from '@elbo/networks';
import {
  classPrior,
  compose,
  kl,
  learnedGaussianMixture,
  marginalElbo,
  reconstruction,
  standardised,
  vampPrior,
  type AnyEncoder,
  type DataForm,
  type Decoder,
  type Encoder,
  type Model,
} from '@elbo/objectives';
import { vae } from '@elbo/vae';
import type { Rows } from './support.js';

/** A model of one kind or other, and data for it. */
export interface Kind {
  readonly model: Model;
  readonly form: DataForm;
  readonly x?: Rows;
}

const { mlp, conv, convTranspose, sequential, flatten, reshape } = networks;

const small = mlp({ hidden: [5], activation: 'tanh' });
const prior = standardNormal(3);
const shape = [2, 2, 1];
const decoder = decoders.gaussianDecoder({ network: small, shape });
const gaussian = encoders.gaussianEncoder({ network: small, latent: 3 });
const base = { network: small, latent: 3 };

/** A model that scores where its posterior has a density. */
const withEncoder = (encoder: AnyEncoder): Kind => ({
  form: { shape },
  model: encoder.offers.includes('logProb')
    ? vae({ prior, decoder, encoder: encoder as Encoder<'posterior' | 'logProb'> })
    : compose({
        prior,
        decoder,
        encoder: encoder as Encoder<'posterior'>,
        terms: [reconstruction()],
      }),
});

const withDecoder = (
  made: Decoder,
  of: readonly number[],
  x?: Rows,
  conditions?: number,
): Kind => ({
  form: { shape: of, conditions },
  model: vae({ prior, decoder: made, encoder: gaussian }),
  ...(x && { x }),
});

const image = [7, 6, 2];
/** Around a network of images. */
const withNetwork = (network: Network, of: readonly number[] = image, x?: Rows): Kind => ({
  form: { shape: of },
  model: vae({
    prior,
    decoder: decoders.gaussianDecoder({ network: small, shape: of }),
    encoder: encoders.gaussianEncoder({ network, latent: 3 }),
  }),
  ...(x && { x }),
});
const withImages = (network: Network, of: readonly number[]): Kind => ({
  form: { shape: of },
  model: vae({
    prior,
    decoder: decoders.bernoulliDecoder({ network, shape: of }),
    encoder: gaussian,
  }),
});

/** One of `classes` at each place. */
const oneHot: Rows = (rows, [length = 1, classes = 1]) => {
  const values = new Float32Array(rows * length * classes);
  for (let i = 0; i < rows * length; i++) values[i * classes + ((i * 7 + 3) % classes)] = 1;
  return values;
};
const whole: Rows = (rows, [length = 1]) =>
  Float32Array.from({ length: rows * length }, (_, i) => (i * 7 + 3) % 4);

const convs = sequential([
  conv({ filters: 4, kernel: 3, stride: 2, activation: 'leakyRelu' }),
  conv({ filters: 3, kernel: 2, padding: 'valid', activation: 'silu' }),
  networks.groupNorm({ groups: 3 }),
  flatten(),
]);
const deconvs = sequential([
  mlp({ hidden: [12], activation: 'gelu' }),
  reshape([2, 2, 3]),
  convTranspose({ filters: 4, kernel: 3, stride: 2, activation: 'relu' }),
  networks.instanceNorm(),
  convTranspose({ filters: 2, kernel: 3, padding: 'valid', activation: 'softplus' }),
  networks.upsample({ factor: 2 }),
  conv({ filters: 1, kernel: 3 }),
]);

const columns = [
  { type: 'number', missing: true },
  { type: 'number' },
  { type: 'count', missing: true },
  { type: 'category', size: 3 },
] as const;
const tableRows: Rows = (rows) =>
  Float32Array.from(
    Array.from({ length: rows }, (_, i) => [
      i % 3 === 0 ? 0 : 0.3 * i,
      -1 + i,
      i % 4,
      0,
      1,
      0,
      i % 3 === 0 ? 0 : 1,
      1,
    ]).flat(),
  );

/** Every kind of encoder. */
export const encoderKinds: Readonly<Record<string, () => Kind>> = {
  gaussian: () => withEncoder(gaussian),
  'full gaussian': () =>
    withEncoder(encoders.gaussianEncoder({ ...base, covariance: 'full', logVarOffset: -1 })),
  deterministic: () => withEncoder(encoders.deterministicEncoder(base)),
  implicit: () =>
    withEncoder(encoders.implicitEncoder({ ...base, noise: 2, hidden: [6, 4], outputNoise: 1e-3 })),
  'implicit in layers': () =>
    withEncoder(
      encoders.implicitEncoder({
        latent: 3,
        noise: 2,
        hidden: [6, 4],
        inject: 'layers',
        activation: 'tanh',
      }),
    ),
  basis: () => withEncoder(encoders.basisEncoder({ ...base, basis: 4, noise: 2, hidden: [6] })),
  'residual basis': () =>
    withEncoder(
      encoders.basisEncoder({
        ...base,
        basis: 2,
        noise: 4,
        hidden: [6],
        residual: true,
        outputNoise: 1e-3,
      }),
    ),
  anchored: () => withEncoder(encoders.anchoredEncoder({ ...base, noise: 2, hidden: [6] })),
  'anchored one-to-one': () =>
    withEncoder(encoders.anchoredEncoder({ ...base, noise: 2, hidden: [6], lipschitz: 0.6 })),
  'anchored mixture': () =>
    withEncoder(
      encoders.anchoredEncoder({ ...base, noise: 2, hidden: [6], noiseOnly: true, bound: 0.5 }),
    ),
  'planar flow': () => withEncoder(encoders.flowEncoder({ ...base, flow: 'planar', steps: 3 })),
  'autoregressive flow': () =>
    withEncoder(
      encoders.flowEncoder({ ...base, flow: 'autoregressive', steps: 2, hidden: [7, 6] }),
    ),
  mixture: () => ({
    form: { shape },
    model: compose({
      prior: classPrior({ classes: 4, continuous: 2 }),
      decoder,
      encoder: encoders.mixtureEncoder({ network: small, classes: 4, continuous: 2 }),
      terms: [marginalElbo()],
    }),
  }),
  structured: () => ({
    form: { shape },
    model: compose({
      prior: productPrior({ y: oneHotPrior([1, 1]), style: standardNormal(2) }),
      decoder,
      encoder: encoders.structuredEncoder({
        network: small,
        parts: { y: { kind: 'softmax', size: 2 }, style: { kind: 'normal', size: 2 } },
      }),
      terms: [reconstruction()],
    }),
  }),
  'importance-weighted': () => ({
    form: { shape },
    model: iwae({ prior, decoder, encoder: gaussian, samples: 3 }),
  }),
  'learned prior': () => ({
    form: { shape },
    model: compose({
      prior: learnedGaussianMixture({ components: 3, dim: 3 }),
      decoder,
      encoder: gaussian,
      terms: [reconstruction(), kl({ estimator: 'sample' })],
    }),
  }),
  'prior of posteriors': () => ({
    form: { shape },
    model: compose({
      prior: vampPrior({ components: 3, dim: 3, unit: false }),
      decoder,
      encoder: gaussian,
      terms: [reconstruction(), kl({ estimator: 'sample' })],
    }),
  }),
  'standardised, with a condition': () => ({
    form: { shape: [4], conditions: 2 },
    model: standardised(
      vae({
        prior,
        decoder: decoders.gaussianDecoder({ network: small, shape: [4] }),
        encoder: gaussian,
      }),
      { mean: [1, 2, 3, 4], sd: [1, 2, 0.5, 3] },
    ),
  }),
};

/** Every kind of decoder. */
export const decoderKinds: Readonly<Record<string, () => Kind>> = {
  bernoulli: () => withDecoder(decoders.bernoulliDecoder({ network: small, shape }), shape),
  categorical: () =>
    withDecoder(decoders.categoricalDecoder({ network: small, shape: [2, 5] }), [2, 5], oneHot),
  'discretised logistic': () =>
    withDecoder(decoders.discretisedLogisticDecoder({ network: small, shape }), shape),
  'gaussian with learned scale': () =>
    withDecoder(decoders.gaussianDecoder({ network: small, shape, sd: 'learned' } as never), shape),
  table: () => withDecoder(decoders.tableDecoder({ network: small, columns }), [8], tableRows),
  sequence: () =>
    withDecoder(
      decoders.sequenceDecoder({ network: small, shape: [5, 4], units: 6 }),
      [5, 4],
      oneHot,
    ),
  'with a condition': () =>
    withDecoder(decoders.bernoulliDecoder({ network: small, shape }), shape, undefined, 3),
};

/** Every kind of network. */
export const networkKinds: Readonly<Record<string, () => Kind>> = {
  conv: () => withNetwork(convs),
  'conv trunk': () => withNetwork(networks.convTrunk({ filters: [4, 6], units: 8 })),
  'transposed conv': () => withImages(deconvs, [12, 12, 1]),
  'deconv trunk': () =>
    withImages(networks.deconvTrunk({ shape: [8, 12, 1], filters: [6, 4], units: 8 }), [8, 12, 1]),
  residual: () => withNetwork(sequential([flatten(), networks.residual({ width: 8, blocks: 2 })])),
  'layer norm': () =>
    withNetwork(sequential([networks.layerNorm(), flatten(), networks.layerNorm()])),
  'gru and embedding': () =>
    withNetwork(
      sequential([networks.embedding({ units: 4 }), networks.gru({ units: 6 })]),
      [5, 4],
      oneHot,
    ),
  'gru of all states': () =>
    withNetwork(sequential([networks.gru({ units: 6, states: 'all' }), flatten()]), [5, 4], oneHot),
  'embedding of numbers': () =>
    withNetwork(sequential([networks.embedding({ units: 4, symbols: 4 }), flatten()]), [5], whole),
  'pairwise products': () => withNetwork(networks.pairwiseProducts(), [4]),
  'noise and shifts, still outside training': () =>
    withNetwork(
      sequential([networks.randomShift({ by: 1 }), networks.gaussianNoise({ sd: 1 }), flatten()]),
    ),
  ...Object.fromEntries(
    (
      [
        'elu',
        'gelu',
        'leakyRelu',
        'linear',
        'relu',
        'selu',
        'sigmoid',
        'silu',
        'softplus',
        'tanh',
      ] as const
    ).map((activation) => [
      `activation ${activation}`,
      () => withNetwork(sequential([flatten(), mlp({ hidden: [8], activation })])),
    ]),
  ),
};
