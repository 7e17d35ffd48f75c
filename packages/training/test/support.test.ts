import { standardNormal, type Shape } from '@elbo/core';
import { fromArrays, type Dataset } from '@elbo/datasets';
import {
  bernoulliDecoder,
  categoricalDecoder,
  discretisedLogisticDecoder,
  gaussianDecoder,
  sequenceDecoder,
} from '@elbo/decoders';
import { mlp } from '@elbo/networks';
import { compose, term, type Decoder, type Model } from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { train, validate } from '../src/index.js';

const network = mlp({ hidden: [3] });

function modelOf(decoder: Decoder, classes?: number): Model {
  return compose({
    prior: standardNormal(2),
    decoder,
    terms: [
      term({
        config: { kind: 'likelihood-of-samples' },
        name: 'likelihood-of-samples',
        role: 'bound',
        needs: [],
        ...(classes !== undefined && { classes: () => classes }),
        evaluate: (pass) => ({ cost: () => tf.neg(pass.generated.logProb(pass.x)) }),
      }),
    ],
  });
}

function dataOf(values: readonly number[], shape: Shape, label?: readonly number[]): Dataset {
  return fromArrays({
    x: Float32Array.from(values),
    shape,
    range: 'finite',
    name: 'mine',
    ...(label && { label: Int32Array.from(label) }),
  });
}

/** A set that gives what `fromArrays` would refuse, as one read elsewhere may. */
function unchecked(values: readonly number[]): Dataset {
  return { ...dataOf([0, 1], [2]), read: () => ({ x: Float32Array.from(values) }) };
}

const oneRow = { batchSize: 1, steps: 1, seed: 0, primal: adam(1e-3), every: 1 };

async function trained(model: Model, data: Dataset): Promise<void> {
  const run = train(model, data, oneRow);
  try {
    for await (const { step } of run) expect(step).toBe(1);
  } finally {
    run.dispose();
  }
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const shape = [2];
const sequences = [3, 2];

it.each<[string, Decoder, Dataset, RegExp]>([
  [
    'bits',
    bernoulliDecoder({ network, shape }),
    dataOf([-5, 5], shape),
    /mine: values reach from -5 to 5.*'bernoulli'.*0 to 1.*Gaussian/,
  ],
  [
    'grey values',
    discretisedLogisticDecoder({ network, shape }),
    dataOf([0, 255], shape),
    /0 to 255.*'discretised-logistic'.*255/,
  ],
  [
    'means in (0, 1)',
    gaussianDecoder({ network, shape, mean: 'sigmoid' }),
    dataOf([0, 2], shape),
    /0 to 2.*'gaussian'/,
  ],
  [
    'classes',
    categoricalDecoder({ network, shape }),
    dataOf([1, 1], shape),
    /\[1, 1\].*'categorical'.*one-hot/,
  ],
  [
    'symbols',
    sequenceDecoder({ shape: sequences, units: 2 }),
    dataOf([0, 1, 0, 1, 0, 0], sequences),
    /\[0, 0\].*'sequence'.*one-hot/,
  ],
  [
    'sequences that end',
    sequenceDecoder({ shape: sequences, units: 2 }),
    dataOf([0, 1, 1, 0, 0, 1], sequences),
    /goes on after the symbol 0/,
  ],
  ['numbers', gaussianDecoder({ network, shape }), unchecked([0, NaN]), /value 1 of row 0.*NaN/],
  [
    'finite numbers',
    gaussianDecoder({ network, shape }),
    unchecked([Infinity, 0]),
    /value 0 of row 0.*Infinity/,
  ],
])(
  'a likelihood of %s refuses other values, in training and in validation',
  async (_, decoder, data, message) => {
    const model = modelOf(decoder);
    await expect(trained(model, data)).rejects.toThrow(message);
    const params = model.init(key(1), data.shape);
    await expect(validate(model, params, data)).rejects.toThrow(message);
  },
);

it.each<[string, Decoder, Dataset]>([
  ['bits and greys', bernoulliDecoder({ network, shape }), dataOf([0.5, 1], shape)],
  ['numbers of any size', gaussianDecoder({ network, shape }), dataOf([-500, 3], shape)],
  ['classes', categoricalDecoder({ network, shape }), dataOf([0, 1], shape)],
  [
    'sequences that end, or fill all places',
    sequenceDecoder({ shape: sequences, units: 2 }),
    dataOf([0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1], sequences),
  ],
])('%s are taken', async (_, decoder, data) => {
  await expect(trained(modelOf(decoder), data)).resolves.toBeUndefined();
});

it('labels beyond the classes that a term knows are refused by its name', async () => {
  const decoder = gaussianDecoder({ network, shape });
  const data = dataOf([1, 2], shape, [4]);
  await expect(trained(modelOf(decoder, 4), data)).rejects.toThrow(
    /label 4.*'likelihood-of-samples'.*0 to 3/,
  );
  await expect(trained(modelOf(decoder, 5), data)).resolves.toBeUndefined();
});
