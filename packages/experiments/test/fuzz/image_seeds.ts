import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { mutateBytes, type Pick } from './mutate.js';

interface Case {
  readonly case: string;
  readonly file: string;
}

const corpus = JSON.parse(
  readFileSync(new URL('../../../datasets/test/images/corpus.json', import.meta.url), 'utf8'),
) as { readonly png: readonly Case[]; readonly jpeg: readonly Case[] };

const filesOf = (cases: readonly Case[]): readonly Uint8Array[] =>
  cases.map(({ file }) => new Uint8Array(Buffer.from(file, 'base64')));

/** Whole files of every kind. */
export const pngs: readonly Uint8Array[] = filesOf(corpus.png);
export const jpegs: readonly Uint8Array[] = filesOf(corpus.jpeg);

/** Changes bytes of a PNG file, and mostly makes the checksums of its chunks right again: else nothing behind them is reached. */
export function mutatePng(pick: Pick, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const changed = Buffer.from(mutateBytes(pick, bytes, other));
  if (pick(4) === 0) return changed;
  for (let at = 8; at + 12 <= changed.length;) {
    const end = at + 8 + changed.readUInt32BE(at);
    if (end + 4 > changed.length) break;
    changed.writeUInt32BE(crc32(changed.subarray(at + 4, end)), end);
    at = end + 4;
  }
  return changed;
}
