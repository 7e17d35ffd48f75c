import { expect, test } from 'vitest';
import { diagnosedRows } from '../src/reports/diagnosed_rows.js';

// What a report measures at its end is to take some seconds, whatever the images are: rows × values is bounded.
test.each([
  { shape: [2], size: 5000, rows: 100 },
  { shape: [28, 28, 1], size: 10_000, rows: 100 },
  { shape: [28, 28, 1], size: 40, rows: 40 },
  { shape: [32, 32, 3], size: 500, rows: 33 },
  { shape: [64, 64, 3], size: 500, rows: 8 },
  { shape: [128, 128, 3], size: 500, rows: 8 },
  { shape: [128, 128, 3], size: 3, rows: 3 },
])('a report of rows $shape diagnoses $rows of $size', ({ shape, size, rows }) => {
  expect(diagnosedRows({ shape, size })).toBe(rows);
});
