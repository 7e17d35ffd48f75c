import { messageOf } from '../errors.js';
import type { Shape } from '../shapes.js';
import { isRawObject, parseRaw, type Raw, type RawObject } from './raw_json.js';

/** What a header says of one tensor. */
export interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Shape;
  /** The bytes of its values, behind the header. */
  readonly from: number;
  readonly to: number;
}

/** What a safetensors file begins with. */
export interface Header {
  readonly entries: readonly Entry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Arrays and objects within each other, as deep as the `safetensors` library reads. */
const deepest = 127;
const fields = ['dtype', 'shape', 'data_offsets'] as const;

const limit = 2n ** 64n;

/** A whole number as it must be written: without a point, an exponent or a sign. Not one that no double is exactly. */
function whole(raw: Raw): number | undefined {
  if (typeof raw !== 'object' || raw === null || !('number' in raw) || !/^\d+$/.test(raw.number))
    return undefined;
  const value = Number(raw.number);
  if (Number.isSafeInteger(value)) return value;
  const exact = BigInt(raw.number);
  return exact < limit && BigInt(value) === exact ? value : undefined;
}

function wholes(raw: Raw | undefined): readonly number[] | undefined {
  if (!(raw instanceof Array)) return undefined;
  const values = raw.map(whole);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/**
 * Whether a file can hold a shape: whole sizes, whose product from the first one on, with the bits of its values, stays below
 * 2⁶⁴, as the library asks.
 */
export function fits(shape: Shape): boolean {
  if (!shape.every((length) => Number.isInteger(length) && length >= 0)) return false;
  // Most are far from it.
  if (shape.reduce((size, length) => size * Math.max(1, length), 32) < 2 ** 53) return true;
  if (shape.some((length) => BigInt(length) >= limit)) return false;
  let size = 1n;
  return shape.every((length) => (size *= BigInt(length)) < limit) && size * 32n < limit;
}

/** The fields of a tensor; the format lets them be listed without their names, too. */
function fieldsOf(raw: Raw): readonly (Raw | undefined)[] | undefined {
  if (raw instanceof Array) return raw.length === fields.length ? raw : undefined;
  if (!isRawObject(raw) || fields.some((field) => raw.repeated.has(field))) return undefined;
  return fields.map((field) => raw.entries.get(field));
}

/** A type's name; the format lets it be the one key of an object, too. */
function typeOf(raw: Raw | undefined): string | undefined {
  if (typeof raw === 'string') return raw;
  if (!isRawObject(raw) || raw.entries.size !== 1 || raw.repeated.size > 0) return undefined;
  const [[name, value] = []] = raw.entries;
  return value === null ? name : undefined;
}

function entryOf(name: string, raw: Raw): Entry | undefined {
  const [type, sizes, offsets] = fieldsOf(raw) ?? [];
  const dtype = typeOf(type);
  const shape = wholes(sizes);
  const [from, to, ...others] = wholes(offsets) ?? [];
  if (dtype === undefined || !shape || !fits(shape)) return undefined;
  if (from === undefined || to === undefined || others.length > 0) return undefined;
  return { name, dtype, shape, from, to };
}

function metadataOf(raw: Raw | undefined): Header['metadata'] | undefined {
  if (raw === undefined || raw === null) return {};
  if (!isRawObject(raw)) return undefined;
  const texts = [...raw.entries].filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return texts.length === raw.entries.size ? Object.fromEntries(texts) : undefined;
}

/**
 * Reads a header and checks its form.
 *
 * @param fail Throws the error that names the file.
 */
export function parseHeader(bytes: Uint8Array, fail: (what: string) => never): Header {
  let raw: Raw;
  try {
    // A byte-order mark is no part of the format.
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    raw = parseRaw(decoder.decode(bytes), deepest);
  } catch (thrown) {
    return fail(`its header is not JSON (${messageOf(thrown)})`);
  }
  if (!isRawObject(raw)) return fail('its header is no JSON object');
  return headerOf(raw, fail);
}

function headerOf({ entries, repeated }: RawObject, fail: (what: string) => never): Header {
  const reserved = '__metadata__';
  const metadata = repeated.has(reserved) ? undefined : metadataOf(entries.get(reserved));
  if (!metadata) return fail(`its header has '${reserved}' of the wrong form`);
  const found: Entry[] = [];
  for (const [name, raw] of entries)
    if (name !== reserved)
      found.push(entryOf(name, raw) ?? fail(`its header has '${name}' of the wrong form`));
  return { entries: found, metadata };
}
