import { ShapeError } from '@elbo/core';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { csv, npy, shortest } from '../src/index.js';

/** Numbers of many sizes. */
const wave = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i) * 10 ** ((i % 9) - 4));

const folder = mkdtempSync(join(tmpdir(), 'elbo-arrays-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const python = process.env.ELBO_PYTHON ?? 'python3';
const hasNumpy = ((): boolean => {
  try {
    execFileSync(python, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('npy', () => {
  const values = wave(24);

  it('is laid out as the format says: magic, version, an aligned header, the values in order', () => {
    const bytes = npy(values, [2, 3, 4]);
    expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const begin = 10 + new DataView(bytes.buffer).getUint16(8, true);
    expect(begin % 64).toBe(0);
    const header = new TextDecoder().decode(bytes.subarray(10, begin));
    expect(header).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2, 3, 4\), \} *\n$/,
    );
    expect(new Float32Array(bytes.slice(begin).buffer)).toEqual(values);
    expect(() => npy(values, [5, 5])).toThrow(ShapeError);
  });

  it.skipIf(!hasNumpy)('NumPy reads it back to the bit (skipped where there is no NumPy)', () => {
    const arrays: readonly (readonly [Parameters<typeof npy>[0], readonly number[]])[] = [
      [Float32Array.from([-0, 1e-45, Infinity]), [3]],
      [Float64Array.from([Math.PI, NaN]), [2, 1]],
      [Int32Array.from([-(2 ** 31), 2 ** 31 - 1, 7, 8]), [2, 2]],
      [new Float32Array(0), [0, 4]],
      [Float32Array.of(3), []],
      // Headers of many lengths modulo 64.
      ...Array.from(
        { length: 30 },
        (_, i) => [Float32Array.of(i), Array<number>(i).fill(1)] as const,
      ),
    ];
    const paths = arrays.map(([array, shape], i) => {
      const path = join(folder, `${i}.npy`);
      writeFileSync(path, npy(array, shape));
      return path;
    });
    const script =
      'import numpy as n, json, sys; print(json.dumps([[a.shape, a.tobytes().hex()] for a in map(n.load, sys.argv[1:])]))';
    const found = JSON.parse(String(execFileSync(python, ['-c', script, ...paths]))) as unknown;
    expect(found).toEqual(
      arrays.map(([array, shape]) => [shape, Buffer.from(array.buffer).toString('hex')]),
    );
  });
});

describe('csv', () => {
  it('quotes what would be read as something else, and nothing more', () => {
    expect(
      csv(
        ['a', 'b,c'],
        [
          [1.5, 'x'],
          [-2, 'say "no"\nor'],
          [NaN, ' '],
        ],
      ),
    ).toBe('a,"b,c"\n1.5,x\n-2,"say ""no""\nor"\nNaN," "\n');
  });

  it('a float32 comes back from its fewest digits', () => {
    for (const value of wave(500)) {
      expect(Math.fround(shortest(value))).toBe(value);
      const digits = String(shortest(value))
        .replace(/e.*|[-.]/g, '')
        .replace(/^0+/, '');
      expect(digits.length).toBeLessThanOrEqual(9);
    }
    expect(shortest(Math.fround(0.1))).toBe(0.1);
  });
});
