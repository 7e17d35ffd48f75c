import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { fill, setBackend, tensor1d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  createRegistry,
  gaussianMixture,
  priorCategory,
  priorKinds,
  swissRoll,
} from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const rows = (f: () => Tensor2D): number[][] => tidy(() => f().arraySync());

describe('a mixture, by labels', () => {
  const mixture = gaussianMixture({
    weights: [1, 3],
    means: [
      [-5, 0],
      [5, 1],
    ],
    logVars: [
      [-2, -2],
      [-2, -2],
    ],
  });

  it('draws from the component that a label names', () => {
    const drawn = rows(() => mixture.sampleGiven!(key(1), tensor1d([0, 1, 1, 0], 'float32')));
    expect(drawn.map(([x]) => x! > 0)).toEqual([false, true, true, false]);
  });

  it('draws from the whole where the label is unknown', () => {
    const n = 2000;
    const drawn = rows(() => mixture.sampleGiven!(key(1), fill([n], -1)));
    const right = drawn.filter(([x]) => x! > 0).length / n;
    // 4 standard errors of a share of 3/4.
    expect(Math.abs(right - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / n));
    const mean = drawn.filter(([x]) => x! > 0).reduce((sum, [x]) => sum + x! / (n * right), 0);
    expect(Math.abs(mean - 5)).toBeLessThan(4 * Math.sqrt(Math.exp(-2) / (n * right)));
  });
});

describe('a swiss roll', () => {
  const roll = swissRoll({ turns: 1, radius: 3, noise: 0, classes: 4 });

  it('lies between its radii, the farther out the more it has turned', () => {
    for (const [x, y] of rows(() => roll.sample(key(1), 200)) as [number, number][]) {
      const place = (Math.hypot(x, y) / 3 - 1 / 3) * 1.5;
      const turned = (Math.atan2(y, x) / (2 * Math.PI) + 1) % 1;
      expect(place).toBeCloseTo(turned, 4);
    }
  });

  it('is divided into stretches by labels', () => {
    const label = () => tensor1d([0, 1, 2, 3, -1], 'float32');
    const quarters = rows(() => roll.sampleGiven!(key(1), label())).map(([x, y]) =>
      Math.floor(((Math.atan2(y!, x!) / (2 * Math.PI) + 1) % 1) * 4),
    );
    expect(quarters.slice(0, 4)).toEqual([0, 1, 2, 3]);
  });

  it('has no density, and says so', () => {
    expect(() => roll.logProb(fill([1, 2], 0))).toThrow('has no density');
    expect(() => swissRoll({ radius: 0 })).toThrow("'radius'");
  });

  it('is rebuilt from its config', () => {
    const again = createRegistry(...priorKinds).build(priorCategory, roll.config);
    expect(again.config).toEqual(roll.config);
    expect(rows(() => again.sample(key(2), 3))).toEqual(rows(() => roll.sample(key(2), 3)));
  });
});

it('a swiss roll turns as often as it says, one and a half times by default, from a third of its radius out', () => {
  const whole = swissRoll();
  expect(whole.config).toEqual({
    kind: 'swiss-roll',
    turns: 1.5,
    radius: 3,
    noise: 0.1,
    classes: 10,
  });
  const points = rows(() => swissRoll({ noise: 0 }).sample(key(3), 200));
  for (const point of points) {
    const [x, y] = [point[0]!, point[1]!];
    const r = Math.hypot(x, y);
    // Its place from 0 to 1 tells its radius and its angle.
    const place = (3 * r) / (2 * 3) - 0.5;
    expect(place).toBeGreaterThan(-1e-5);
    expect(place).toBeLessThan(1 + 1e-5);
    const angle = 2 * Math.PI * 1.5 * place;
    expect(Math.hypot(x - r * Math.cos(angle), y - r * Math.sin(angle))).toBeLessThan(1e-4);
  }
});
