import { DataError, exactly, whole } from '@elbo/core';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import { fromText } from '../../formats/text/from_text.js';
import { symbolsIn, type SymbolForm } from '../../formats/text/symbols.js';
import type { FileFormat } from '../file_format.js';
import { decodeUtf8 } from '../decode_utf8.js';
import { readOne } from '../files.js';
import type { Place } from '../place.js';
import { splitNamed } from '../split_names.js';
import { parseReading } from './parse_reading.js';
import { splitFiles } from './split_files.js';

/** Lines beyond this are left out where no length is asked for: what is long is costly. */
const usualLength = 100;

const schema = exactly({
  /** The most symbols of a line; longer ones are left out. */
  length: v.exactOptional(whole(1)),
  symbols: v.exactOptional(v.picklist(['characters', 'smiles'])),
  alphabet: v.exactOptional(v.array(v.string())),
});

const files = splitFiles(['.txt', '.smi', '.smiles']);

/** A text in each line: names, words, SMILES. Files of a folder that no split is named by are classes. */
export const textFiles: FileFormat = {
  name: 'lines of text',
  files: '.txt, .smi',
  options: Object.keys(schema.entries),
  recognises: ({ names }) => names.some(files.isOne),
  splits: (place) => (areClasses(place) ? ['train'] : files.splits(place)),
  load: async (place, split, { reading, onNotice }) => {
    const options = parseReading(schema, reading, place.path);
    const paths = areClasses(place)
      ? place.names.filter(files.isOne).map((name) => join(place.path, name))
      : [files.fileOf(place, split)];
    const symbols = options.symbols ?? (paths.every(isSmiles) ? 'smiles' : 'characters');
    const read = await Promise.all(paths.map((path) => linesOf(path, symbols)));
    const lines = read.flatMap((own, label) => own.map((text) => ({ text, label })));
    if (lines.length === 0) throw new DataError(`${place.path}: there are no lines in it.`);
    const lengths = lines.map(({ text }) => symbolsIn(text, symbols).length);
    const longest = lengths.reduce((a, b) => Math.max(a, b));
    const length = options.length ?? Math.min(longest, usualLength);
    const kept = lines.filter((_, i) => lengths[i]! <= length);
    sayShort(place.path, { kept: kept.length, of: lines.length, length }, onNotice);
    const texts = kept.map(({ text }) => text);
    const label = Int32Array.from(kept, (line) => line.label);
    const alphabet = options.alphabet && { alphabet: options.alphabet };
    const common = { texts, symbols, length, name: place.path, ...(paths.length > 1 && { label }) };
    const set = fromText({ ...common, ...alphabet });
    const config = {
      kind: 'file',
      source: place.path,
      split,
      digest: digestOf(kept),
      reading: { symbols, length, alphabet: [...set.alphabet] },
    };
    return {
      ...set,
      ...(paths.length > 1 && { classNames: paths.map(stemOf) }),
      config,
    };
  },
};

const isSmiles = (path: string): boolean => /\.smi(les)?$/i.test(path);
const stemOf = (path: string): string => basename(path).replace(/\.[^.]*$/, '');

/** Whether the files of a folder are classes: several of them, of which no name says a split. */
function areClasses({ kind, names }: Place): boolean {
  const own = names.filter(files.isOne);
  return kind === 'folder' && own.length > 1 && !own.some((name) => splitNamed(name));
}

/** The lines of a file that have something in them; of SMILES what stands before a name. */
async function linesOf(path: string, symbols: SymbolForm): Promise<readonly string[]> {
  const file = await readOne(path);
  const lines = decodeUtf8(file.bytes, path)
    .split(/\r?\n|\r/)
    .map((line) => (symbols === 'smiles' ? line.trim().split(/\s/, 1)[0]! : line.trim()));
  return lines.filter((line) => line !== '');
}

/** Says which lines are left out; fails where these are most. */
function sayShort(
  path: string,
  { kept, of, length }: { readonly kept: number; readonly of: number; readonly length: number },
  notice: ((message: string) => void) | undefined,
): void {
  if (kept === of) return;
  const said = `${of - kept} of its ${of} lines are longer than ${length} symbols`;
  if (kept < of / 2) throw new DataError(`${path}: ${said}. Raise --length, or shorten the lines.`);
  notice?.(`${path}: ${said} and are left out; --length says another number.`);
}

function digestOf(lines: readonly { readonly text: string; readonly label: number }[]): string {
  const hash = createHash('sha256');
  for (const { text, label } of lines) hash.update(`${label}\t${text}\n`);
  return hash.digest('hex');
}
