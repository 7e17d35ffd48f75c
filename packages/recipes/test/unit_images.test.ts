import { expect, test } from 'vitest';
import { areUnitImages } from '../src/index.js';

test.each([
  [{ shape: [4, 4, 1] }, true],
  [{ shape: [16] }, false],
  [{ shape: [4, 4, 1], moments: { mean: [3], sd: [1] } }, false],
])('%j', (data, found) => {
  expect(areUnitImages(data)).toBe(found);
});
