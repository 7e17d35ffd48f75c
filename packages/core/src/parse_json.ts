import type { Json } from './config.js';
import { FileError, messageOf } from './errors.js';
import { printable } from './printable.js';

/** How much JSON is accepted. */
export interface JsonLimits {
  /** Bytes, or characters of a text; 2²⁶ by default. */
  readonly size?: number;
  /** Arrays and objects within each other; 100 by default. */
  readonly depth?: number;
}

const [openArray, openObject, closeArray, closeObject, quote, backslash] = Array.from(
  '[{]}"\\',
  (character) => character.charCodeAt(0),
);

/** Whether arrays and objects lie within each other deeper than `most`. What is no JSON may give either answer. */
function isDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  let inText = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inText) {
      if (code === backslash) i++;
      else if (code === quote) inText = false;
    } else if (code === quote) inText = true;
    else if (code === openArray || code === openObject) {
      if (++depth > most) return true;
    } else if (code === closeArray || code === closeObject) depth--;
  }
  return false;
}

function decoded(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new FileError(`${where} is not text in UTF-8: save it in that encoding.`, { cause });
  }
}

/** What an engine says is wrong. It may quote the text, and that may be any file that a path led to: one line of it at most. */
function reasonOf(thrown: unknown): string {
  const said = printable(messageOf(thrown));
  return said.length > 120 ? `${said.slice(0, 120)} …` : said;
}

/**
 * The one way in for JSON that comes from outside: a byte-order mark is skipped, and what is too large, too deep, not
 * UTF-8 or not JSON is one clear error. A key such as `__proto__` becomes a plain property of its object, as the file has it.
 *
 * @param where Names the text in errors.
 * @throws FileError
 */
export function parseJson(
  source: string | Uint8Array,
  where: string,
  { size = 2 ** 26, depth = 100 }: JsonLimits = {},
): Json {
  if (source.length > size)
    throw new FileError(
      `${where} has ${source.length} bytes, more than the limit of ${size} for such a file.`,
    );
  const whole = typeof source === 'string' ? source : decoded(source, where);
  const text = whole.startsWith('\ufeff') ? whole.slice(1) : whole;
  if (isDeeperThan(text, depth))
    throw new FileError(
      `${where} nests arrays or objects more than ${depth} deep: it is corrupt or malicious.`,
    );
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    throw new FileError(
      `${where} is not JSON (${reasonOf(thrown)}): repair it, or restore it from a copy.`,
      { cause: thrown },
    );
  }
}
