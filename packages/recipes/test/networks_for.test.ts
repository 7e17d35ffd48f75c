import { leaves } from '@elbo/core';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { networksFor } from '../src/index.js';

const image = [4, 4, 2] as const;

test('networks of the asked sizes are on both sides', () => {
  const hidden = [6, 5];
  const images = networksFor({ shape: image, unit: true }, { hidden });
  expect(images.trunk.config).toMatchObject({ kind: 'mlp', hidden: [6, 5] });
  expect(images.decoder.config).toMatchObject({ kind: 'bernoulli', network: { hidden: [5, 6] } });
  const sequences = networksFor({ shape: [4, 3], unit: true, sequence: true }, { hidden });
  expect(sequences.decoder.config).toMatchObject({
    kind: 'sequence',
    units: 6,
    network: { hidden: [5] },
  });
  const plain = networksFor({ shape: [4, 3], unit: true, sequence: true }, { hidden: [6] });
  expect(plain.trunk.config.kind).toBe('gru');
  for (const [{ trunk, features }, shape] of [
    [images, image],
    [sequences, [4, 3]],
    [plain, [4, 3]],
  ] as const) {
    const { params, output } = trunk.init(key(1), shape);
    expect(output).toEqual([features]);
    tf.dispose(leaves(params));
  }
});

test('large images are convolved unless the sizes of dense layers are given, and nothing else is', () => {
  const kindOf = (shape: readonly number[], hidden?: readonly number[]): unknown =>
    networksFor({ shape, unit: true }, { hidden }).trunk.config.kind;
  expect(kindOf([64, 64, 1])).toBe('sequential');
  expect(kindOf([37, 37, 3])).toBe('sequential');
  expect(kindOf([64, 64, 3], [20])).toBe('mlp');
  expect(kindOf([28, 28, 1])).toBe('mlp');
  expect(kindOf([63, 64, 1])).toBe('mlp');
  expect(kindOf([20_000])).toBe('mlp');
  expect(kindOf([2, 4000, 1])).toBe('mlp');
});
