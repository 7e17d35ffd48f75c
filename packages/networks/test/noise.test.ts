import { createRegistry, networkCategory } from '@elbo/core';
import { key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { fill, setBackend, sub, tensor2d, tidy, zeros, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activation, gaussianNoise, networkKinds } from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const registry = createRegistry(...networkKinds);
const read = (f: () => Tensor): readonly number[] => tidy(() => [...f().dataSync()]);

describe('gaussianNoise', () => {
  const layer = gaussianNoise({ sd: 0.5 });

  it('adds noise of its standard deviation in training, seeded by the mode', () => {
    const at = (seed: number): readonly number[] =>
      read(() => layer.apply({}, { training: true, key: key(seed) }, fill([1000, 10], 3)));
    const noise = at(1).map((value) => value - 3);
    const variance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    // 4 standard errors: that of a normal's variance is σ² √(2/n).
    expect(Math.abs(variance - 0.25)).toBeLessThan(4 * 0.25 * Math.sqrt(2 / noise.length));
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
  });

  it('is nothing outside training, and needs some deviation', () => {
    const x = (): Tensor => tensor2d(normal(key(1), 6), [2, 3]);
    const difference = read(() => sub(layer.apply({}, { training: false, key: key(1) }, x()), x()));
    expect(difference).toEqual(read(() => zeros([2, 3])));
    expect(() => gaussianNoise({ sd: 0 })).toThrow("'sd'");
  });
});

it('an activation is a layer, and both are rebuilt from their configs', () => {
  const relu = activation('relu');
  const x = (): Tensor => tensor2d([[-1, 2]]);
  expect(read(() => relu.apply({}, { training: true, key: key(1) }, x()))).toEqual([0, 2]);
  for (const layer of [relu, gaussianNoise({ sd: 2 })]) {
    expect(registry.build(networkCategory, layer.config).config).toEqual(layer.config);
    expect(layer.init(key(1), [2, 3])).toEqual({ params: {}, output: [2, 3] });
  }
});
