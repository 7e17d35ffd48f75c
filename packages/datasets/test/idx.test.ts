import { DataError } from '@elbo/core';
import { key } from '@elbo/random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gunzip, idx, parseIdx, readIdx, type IdxArray } from '../src/index.js';
import { gzip, idxFile } from './files.js';

const array = fc
  .array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 })
  .chain((shape) => {
    const size = shape.reduce((n, m) => n * m, 1);
    return fc.record({
      shape: fc.constant(shape),
      data: fc.uint8Array({ minLength: size, maxLength: size }),
    });
  });

/** What `f` gives, if it gives anything; any failure but a DataError that names the place fails the test. */
function orDataError(f: () => IdxArray): IdxArray | undefined {
  try {
    return f();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toMatch(/^here: .{20}/);
    return undefined;
  }
}

test('what was written is read', () => {
  fc.assert(
    fc.property(array, ({ shape, data }) => {
      const parsed = parseIdx(idxFile(shape, data), 'here');
      expect(parsed.shape).toEqual(shape);
      expect(new Uint8Array(parsed.data)).toEqual(new Uint8Array(data));
    }),
    { seed: 1 },
  );
});

test('a view into a larger buffer is read from where it begins', () => {
  const file = idxFile([2, 1, 1], [3, 4]);
  const padded = new Uint8Array(file.length + 7);
  padded.set(file, 5);
  expect([...parseIdx(padded.subarray(5, 5 + file.length), 'here').data]).toEqual([3, 4]);
});

test('any truncation and any trailing byte is a DataError', () => {
  fc.assert(
    fc.property(
      array,
      fc.nat(),
      fc.uint8Array({ minLength: 1, maxLength: 5 }),
      ({ shape, data }, cut, more) => {
        const file = idxFile(shape, data);
        expect(
          orDataError(() => parseIdx(file.subarray(0, cut % file.length), 'here')),
        ).toBeUndefined();
        expect(
          orDataError(() => parseIdx(Uint8Array.of(...file, ...more), 'here')),
        ).toBeUndefined();
      },
    ),
    { seed: 2 },
  );
});

test('any corruption of the header is a DataError, or another consistent array', () => {
  fc.assert(
    fc.property(array, fc.nat(), fc.integer({ min: 1, max: 255 }), ({ shape, data }, at, flip) => {
      const file = idxFile(shape, data);
      file[at % (4 + 4 * shape.length)]! ^= flip;
      const parsed = orDataError(() => parseIdx(file, 'here'));
      if (parsed) expect(parsed.shape.reduce((n, m) => n * m, 1)).toBe(parsed.data.length);
    }),
    { numRuns: 500, seed: 3 },
  );
});

test('any bytes at all are a DataError or a consistent array', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const parsed = orDataError(() => parseIdx(bytes, 'here'));
      if (parsed) expect(parsed.shape.reduce((n, m) => n * m, 1)).toBe(parsed.data.length);
    }),
    { numRuns: 500, seed: 4 },
  );
});

test('each fault is named', () => {
  const fault = (bytes: ArrayLike<number>, message: RegExp): void => {
    expect(() => parseIdx(Uint8Array.from(bytes), 'here')).toThrow(message);
  };
  fault([], /0 bytes/);
  fault(new TextEncoder().encode('<!DOCTYPE html>'), /not an IDX file.*looks like a web page/);
  fault([0, 0, 0x0d, 1, 0, 0, 0, 1, 0, 0, 0, 0], /32-bit floats/);
  fault([0, 0, 0x77, 1, 0, 0, 0, 1, 0], /unknown type 0x77/);
  fault([0, 0, 8, 200, 0, 0, 0, 1, 0], /200 axes/);
  fault([0, 0, 8, 3, 0, 0], /less than its header of 16/);
  fault([0, 0, 8, 1, 0, 0, 0, 0], /empty/);
  fault(
    [0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255, 1],
    /4294967295 × 4294967295.*there are 1/,
  );
  fault([...idxFile([2], [1, 2]), 3], /1 too many/);
  fault(gzip(idxFile([2], [1, 2])), /gzip/);
});

test('gzip is read, and any truncation or corruption of it is a DataError or harmless', async () => {
  const data = Uint8Array.from({ length: 300 }, (_, i) => (i * i) % 251);
  const packed = gzip(idxFile([3, 10, 10], data));
  expect(new Uint8Array((await readIdx(packed, 'here')).data)).toEqual(data);
  const outcome = async (bytes: Uint8Array): Promise<IdxArray | undefined> => {
    const result = await readIdx(bytes, 'here').catch((error: unknown) => error);
    return orDataError(() => {
      if (result instanceof Error) throw result;
      return result as IdxArray;
    });
  };
  for (let length = 0; length < packed.length; length++)
    expect(await outcome(packed.subarray(0, length)), `${length} bytes`).toBeUndefined();
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const bytes = packed.slice();
      bytes[at % bytes.length]! ^= flip;
      const parsed = await outcome(bytes);
      // Its check sum guards the content, but a few bytes of the header mean nothing.
      if (parsed) expect(new Uint8Array(parsed.data)).toEqual(data);
    }),
    { numRuns: 400, seed: 5 },
  );
});

test('gzip that grows without end is stopped', async () => {
  const bomb = gzip(new Uint8Array(1_000_000));
  await expect(gunzip(bomb, 'here', { limit: 10_000 })).rejects.toThrow(
    /here: .*more than 10000 bytes/,
  );
});

const images: IdxArray = {
  shape: [3, 2, 2],
  data: Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
};
const labels: IdxArray = { shape: [3], data: Uint8Array.of(1, 0, 4) };

test('a set of images has its pixels over 255, and its labels', () => {
  const data = idx({ images, labels });
  expect(data).toMatchObject({ size: 3, shape: [2, 2, 1], classes: 5, binary: false });
  const rows = data.read(Uint32Array.of(2, 0), key(0));
  const expected = [8, 9, 10, 11, 0, 1, 2, 3].map((i) => Math.fround((20 * i) / 255));
  expect(rows).toEqual({ x: Float32Array.from(expected), label: Int32Array.of(4, 1) });
  expect(
    idx({ images: { shape: [1, 1, 2, 3], data: Uint8Array.of(0, 255, 0, 255, 0, 0) } }),
  ).toMatchObject({
    shape: [1, 2, 3],
    binary: true,
  });
});

test('files that do not fit are named', () => {
  expect(() => idx({ images: labels })).toThrow(/this is a file of labels/);
  expect(() => idx({ images, labels: images })).toThrow(/this is a file of images/);
  expect(() => idx({ images, labels: { shape: [2], data: Uint8Array.of(0, 1) } })).toThrow(
    /2 labels for 3 images/,
  );
  expect(() => idx({ images, labels, classes: 4 })).toThrow(
    /row 2 has the label 4; there are 4 classes/,
  );
  expect(() => idx({ images }).read(Uint32Array.of(3), key(0))).toThrow(/no row 3/);
});
