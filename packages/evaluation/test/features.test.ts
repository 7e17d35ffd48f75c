import { disposeTree, type Params } from '@elbo/core';
import { fold, integers, key, normal } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend, tensor1d, tensor2d, type Scalar } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import {
  featureNetwork,
  kernelDistance,
  kernelDistanceByBlocks,
  pointsOf,
  trainFeatures,
} from '../src/index.js';
import { gaussianPoints } from './gaussians.js';

beforeAll(async () => {
  await setBackend('cpu');
});

/** Three clouds five standard deviations apart, on a plane in five dimensions; every tenth class is unknown. */
function clouds(step: number, count = 64) {
  const at = fold(key(1), step);
  const label = integers(fold(at, 'label'), count, 3);
  const noise = normal(fold(at, 'noise'), 2 * count);
  const values = Array.from({ length: count }, (_, i) => {
    const [a, b] = [
      5 * Number(label[i] === 1) + noise[2 * i]!,
      5 * Number(label[i] === 2) + noise[2 * i + 1]!,
    ];
    return [a, b, a + b, a - b, 2 * b];
  });
  return {
    x: tensor2d(values),
    label: tensor1d(
      Array.from(label, (c, i) => (i % 10 === 9 && step > 0 ? -1 : c)),
      'float32',
    ),
  };
}

async function valueOf(scalar: Scalar): Promise<number> {
  const [value] = await scalar.data<'float32'>();
  scalar.dispose();
  return value!;
}

it.each([
  ['classes', 3],
  ['rows', undefined],
] as const)('a feature network learns %s, and leaves nothing behind', async (learns, classes) => {
  const network = featureNetwork({ shape: [5], classes }, 8);
  expect(network.learns).toBe(learns);
  const before = memory().numTensors;
  const params: Params = await trainFeatures(network, (step) => Promise.resolve(clouds(step + 1)), {
    key: key(3),
    steps: 150,
    rate: 5e-3,
  });
  const held = clouds(0, 300);
  const quality = await valueOf(network.quality(params, held));
  // Of classes 5 apart, some 1 % are on the wrong side of the middle; a plane goes through any eight features.
  expect(quality).toBeGreaterThan(0.95);
  const features = network.features(params, held.x);
  expect((await pointsOf(features)).dim).toBe(8);
  for (const tensor of [features, held.x, held.label]) tensor.dispose();
  disposeTree(params);
  expect(memory().numTensors).toBe(before);
});

it('the kernel distance by blocks has the mean of the whole one, within its error', () => {
  const [p, q] = [gaussianPoints(1, 2000, [0, 0]), gaussianPoints(2, 2000, [0.5, 0])];
  const { mean, error } = kernelDistanceByBlocks(p, q, 20);
  expect(Math.abs(mean - kernelDistance(p, q))).toBeLessThan(3 * error);
  expect(mean).toBeGreaterThan(5 * error);
  const same = kernelDistanceByBlocks(p, gaussianPoints(3, 2000, [0, 0]), 20);
  expect(Math.abs(same.mean)).toBeLessThan(4 * same.error);
});
