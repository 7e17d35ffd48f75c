// What cannot be exported is refused by one error that names it.
import { CompositionError, NumericalError, standardNormal, type Network } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { generatorOf } from '@elbo/objectives';
import { key } from '@elbo/random';
import { vae } from '@elbo/vae';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { encodeGraphModel, encodeOnnx, type ExportPart } from '../src/index.js';

beforeAll(() => tf.setBackend('cpu'));

const form = { shape: [4] };
const network = mlp({ hidden: [3] });
const made = (of: Network = network) =>
  vae({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network: of, latent: 2 }),
    decoder: bernoulliDecoder({ network, shape: form.shape }),
  });

/** A network that does something to its input, and has no parameters. */
const doing = (f: (x: tf.Tensor) => tf.Tensor): Network => ({
  config: { kind: 'doing' },
  init: (_key, input) => ({ params: {}, output: input }),
  apply: (_params, _mode, x) => f(x),
});

/** Other numbers in each row. */
const numbered = ({ size, shape }: tf.Tensor): tf.Tensor =>
  tf.tensor(
    Float32Array.from({ length: size }, (_, i) => i),
    shape,
  );

it.each<[string, (x: tf.Tensor) => tf.Tensor, string]>([
  ['a kernel without a rule', (x) => tf.cast(tf.topk(x, 4).indices, 'float32'), 'TopK'],
  ['numbers for each row', (x) => tf.add(x, numbered(x)), 'each row'],
  ['another way for more rows', (x) => (x.shape[0] > 6 ? tf.neg(x) : tf.abs(x)), 'at Abs'],
  ['a number of the rows', (x) => tf.mul(x, 1 / x.shape[0]), 'how many rows there are'],
  ['one row less', (x) => tf.add(x, tf.sum(tf.slice(tf.concat([x, x]), [1, 0]), 0)), 'no multiple'],
])('%s', async (_, f, says) => {
  const model = made(doing(f));
  const params = model.init(key(1), form.shape);
  for (const encode of [encodeOnnx, encodeGraphModel]) {
    const exported = encode(model, params, form, { part: 'encoder' });
    await expect(exported).rejects.toThrow(CompositionError);
    await expect(exported).rejects.toThrow(/^The encoder cannot be exported/);
    await expect(exported).rejects.toThrow(says);
  }
});

it('weights that are not finite, by their path', async () => {
  const model = made();
  const params = model.init(key(1), form.shape);
  const bias = params.primal.decoder.head as { bias: tf.Tensor };
  const broken = {
    ...params,
    primal: {
      ...params.primal,
      decoder: { ...params.primal.decoder, head: { ...bias, bias: tf.fill([4], NaN) } },
    },
  };
  const exported = encodeOnnx(model, broken, form, { part: 'decoder' });
  await expect(exported).rejects.toThrow(NumericalError);
  await expect(exported).rejects.toThrow("'decoder/head/bias'");
  // What does not need them is written.
  expect((await encodeOnnx(model, broken, form, { part: 'encoder' })).length).toBeGreaterThan(0);
});

it('a part that is not there', async () => {
  const model = made();
  const params = model.init(key(1), form.shape);
  const generator = generatorOf(model);
  for (const part of ['encoder', 'scorer'] as const satisfies readonly ExportPart[])
    await expect(encodeOnnx(generator, params, form, { part })).rejects.toThrow('no encoder');
  const { decoder } = params.primal;
  const half = { primal: { decoder } as typeof params.primal, dual: {} };
  await expect(encodeOnnx(model, half, form, { part: 'scorer' })).rejects.toThrow(
    'the weights of the encoder are not there',
  );
});

it('leaves the device as it was', async () => {
  const model = made();
  const params = model.init(key(1), form.shape);
  const before = tf.memory().numTensors;
  await encodeOnnx(model, params, form, { part: 'scorer' });
  await encodeGraphModel(model, params, form, { part: 'encoder' });
  expect(tf.memory().numTensors).toBe(before);
  expect(
    tf.getKernelsForBackend('cpu').some(({ kernelName }) => kernelName.startsWith('Elbo')),
  ).toBe(false);
});
