import { DataError } from '@elbo/core';
import { expect, test } from 'vitest';
import { colouredOf } from '../../src/formats/image/colour.js';
import { mostDecodedBytes } from '../../src/formats/image/limits.js';
import { decodeJpeg } from '../../src/formats/image/jpeg/decode.js';
import { examineImage, readImage } from '../../src/node/image_folder/read_image.js';
import { bytesOf, corpus, type Case } from './corpus.js';

/** An image as it is seen, in its own size. */
function seen(file: Uint8Array): { size: number[]; data: Uint8Array } {
  const { size } = examineImage(file);
  const image = readImage(file, { size, crop: 'stretch', grey: false });
  return { size: [image.width, image.height], data: colouredOf(image).data };
}

function expected({ channels, pixels }: Case): Uint8Array {
  const data = bytesOf(pixels);
  return channels === 3
    ? data
    : Uint8Array.from([...data].flatMap((value) => [value, value, value]));
}

test('every PNG that others write is read to the bit: depths, palettes, alpha over white, interlacing, filters', () => {
  for (const each of corpus.png) {
    const { size, data } = seen(bytesOf(each.file));
    expect(size, each.case).toEqual(each.size);
    expect(furthest(data, expected(each)), each.case).toBe(0);
  }
});

test('every JPEG that others write is read as they read it, up to what rounding leaves open', () => {
  for (const each of corpus.jpeg) {
    // Chroma with a quarter of the columns: libjpeg repeats it, and here it lies between.
    const [levels, mean] = each.case === '4:1:1' ? [30, 6] : [3, 1];
    const { size, data } = seen(bytesOf(each.file));
    const wanted = expected(each);
    expect(size, each.case).toEqual(each.size);
    expect(furthest(data, wanted), each.case).toBeLessThanOrEqual(levels);
    const sum = wanted.reduce((total, value, i) => total + Math.abs(value - data[i]!), 0);
    expect(sum / wanted.length, each.case).toBeLessThan(mean);
  }
});

test('a JPEG decoded small is the mean of what it is decoded whole', () => {
  for (const name of ['4:4:4', 'grey', 'progressive', 'inks']) {
    const file = bytesOf(corpus.jpeg.find((each) => each.case === name)!.file);
    const { image: whole } = decodeJpeg(file);
    for (const side of [4, 2, 1] as const) {
      const { image } = decodeJpeg(file, side);
      const each = 8 / side;
      const { channels } = whole;
      for (let y = 0; y < Math.floor(whole.height / each); y++)
        for (let x = 0; x < Math.floor(whole.width / each); x++)
          for (let c = 0; c < channels; c++) {
            let sum = 0;
            for (let j = 0; j < each; j++)
              for (let i = 0; i < each; i++)
                sum += whole.data[((y * each + j) * whole.width + x * each + i) * channels + c]!;
            const small = image.data[(y * image.width + x) * channels + c]!;
            // Luma and chroma are rounded on both sides, by ½ each; blue has 1.772 times the chroma's: 1 + 1.772 + ½.
            expect(Math.abs(small - sum / each ** 2), `${name} ${side}`).toBeLessThan(3.3);
          }
    }
  }
});

test('every broken file is refused by a DataError that says why', () => {
  for (const { case: name, file } of corpus.broken) {
    const read = (): unknown => seen(bytesOf(file));
    expect(read, name).toThrow(DataError);
    expect(read, name).toThrow(/^it(s header| has| is| unpacks|s format|s \d+)/);
  }
});

test('what a header claims is refused before it is decoded', () => {
  const before = process.memoryUsage().arrayBuffers;
  for (const name of ['a PNG of gigabytes', 'a PNG of a row of gigabytes', 'a JPEG of gigabytes']) {
    const { file } = corpus.broken.find((each) => each.case === name)!;
    expect(() => seen(bytesOf(file)), name).toThrow(/more than the \d+ that are read/);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(mostDecodedBytes / 8);
});

function furthest(ours: Uint8Array, theirs: Uint8Array): number {
  expect(ours.length).toBe(theirs.length);
  return ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0);
}
