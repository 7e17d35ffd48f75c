import { crc32 as crcOf } from '../../src/formats/image/crc32.js';
import { deflateRawSync, deflateSync } from 'node:zlib';

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  crc.writeUInt32BE(crcOf(body));
  return Buffer.concat([length, body, crc]);
}

/** A PNG file of 8 bits. */
export function pngOf(
  height: number,
  width: number,
  channels: 1 | 3,
  of: (y: number, x: number, c: number) => number,
): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, channels === 1 ? 0 : 2], 8);
  const rows = Array.from({ length: height }, (_, y) => [
    0,
    ...Array.from({ length: width * channels }, (__, i) =>
      of(y, Math.floor(i / channels), i % channels),
    ),
  ]);
  const data = deflateSync(Uint8Array.from(rows.flat()));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

/**
 * A zip file in which every other file is deflated.
 *
 * @param large whether sizes and places are told as those beyond 32 bits are.
 * @param comment behind its end.
 */
export function zipOf(
  files: Readonly<Record<string, Uint8Array>>,
  { large = false, comment = '' }: { readonly large?: boolean; readonly comment?: string } = {},
): Uint8Array {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  Object.entries(files).forEach(([name, content], i) => {
    const deflated = i % 2 === 0;
    const data = deflated ? deflateRawSync(content) : content;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20);
    common.writeUInt16LE(deflated ? 8 : 0, 4);
    common.writeUInt32LE(crcOf(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const own = Buffer.alloc(14);
    own.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), data]);
    const told = Buffer.from(common);
    const beyond = large ? bigOf(1, 24, content.length, data.length, at) : Buffer.alloc(0);
    if (large) {
      told.fill(0xff, 14, 22);
      told.writeUInt16LE(beyond.length, 24);
      own.fill(0xff, 10);
    }
    entries.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), told, own, Buffer.from(name), beyond]),
    );
    locals.push(local);
    at += local.length;
  });
  const directory = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  if (large) end.fill(0xff, 8, 20);
  const parts = [...locals, directory];
  if (large) parts.push(...largeEnd(entries.length, directory.length, at));
  return Buffer.concat([...parts, end, Buffer.from(comment)]);
}

/** An extra field of numbers of 64 bits. */
function bigOf(tag: number, length: number, ...numbers: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + length);
  field.writeUInt16LE(tag);
  field.writeUInt16LE(length, 2);
  numbers.forEach((value, i) => field.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
  return field;
}

/** The end of a large zip file, and what says where it is (APPNOTE.TXT 4.3.14 and 4.3.15). */
function largeEnd(entries: number, length: number, at: number): readonly Buffer[] {
  const end = Buffer.alloc(56);
  end.write('PK\x06\x06');
  end.writeBigUInt64LE(44n, 4);
  [entries, entries, length, at].forEach((value, i) =>
    end.writeBigUInt64LE(BigInt(value), 24 + 8 * i),
  );
  const locator = Buffer.alloc(20);
  locator.write('PK\x06\x07');
  locator.writeBigUInt64LE(BigInt(at + length), 8);
  locator.writeUInt32LE(1, 16);
  return [end, locator];
}
