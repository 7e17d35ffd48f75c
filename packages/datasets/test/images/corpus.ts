import { readFileSync } from 'node:fs';

/** A file with the pixels that another library reads in it. */
export interface Case {
  readonly case: string;
  readonly file: string;
  /** Width and height, as it is seen. */
  readonly size: readonly [number, number];
  readonly channels: 1 | 3;
  readonly pixels: string;
}

/** Files that tools/fuzz/image_files.py writes. */
export const corpus = JSON.parse(readFileSync(new URL('corpus.json', import.meta.url), 'utf8')) as {
  readonly png: readonly Case[];
  readonly jpeg: readonly Case[];
  readonly broken: readonly Pick<Case, 'case' | 'file'>[];
};

export const bytesOf = (base64: string): Uint8Array =>
  new Uint8Array(Buffer.from(base64, 'base64'));

/** The file of a case. */
export function fileOf(kind: 'png' | 'jpeg' | 'broken', name: string): Uint8Array {
  const found = corpus[kind].find((each) => each.case === name);
  if (!found) throw new Error(`There is no case '${name}'.`);
  return bytesOf(found.file);
}
