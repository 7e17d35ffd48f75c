/** A number as it is written: `1`, `1.0` and `-0` differ. */
interface RawNumber {
  readonly number: string;
}

/** An object as it is written: any name may be a key, and one that comes twice can be told. */
export interface RawObject {
  readonly entries: ReadonlyMap<string, Raw>;
  readonly repeated: ReadonlySet<string>;
}

/** JSON as it is written, where `JSON.parse` would forget how. */
export type Raw = string | boolean | null | RawNumber | RawObject | readonly Raw[];

/** Whether JSON is an object. */
export function isRawObject(raw: Raw | undefined): raw is RawObject {
  return typeof raw === 'object' && raw !== null && 'entries' in raw && raw.entries instanceof Map;
}

/** Of nearly every object. */
const none: ReadonlySet<string> = new Set();

const space = /[ \t\n\r]*/y;
const text = /"(?:[^"\\\u0000-\u001f]|\\.)*"/sy; // eslint-disable-line no-control-regex
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const word = /true|false|null/y;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * Reads JSON as it is written.
 *
 * @throws SyntaxError for what is not JSON, holds half a surrogate pair or a number beyond a double, or is deeper than `depth`.
 */
export function parseRaw(source: string, depth: number): Raw {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(source) ?? [];
    if (found !== undefined) at += found.length;
    return found;
  };
  const fail = (what: string): never => {
    throw new SyntaxError(`${what} at character ${at}`);
  };
  const next = (): string => {
    if (source.charCodeAt(at) <= 0x20) take(space);
    return source.charAt(at);
  };
  const string = (): string => {
    const found = take(text) ?? fail('a text is wanted');
    // Half a pair comes by an escape only: what is decoded as UTF-8 holds none.
    if (!found.includes('\\')) return found.slice(1, -1);
    const value = JSON.parse(found) as string;
    return /\p{Cs}/u.test(value) ? fail('half a surrogate pair') : value;
  };
  /** Whether there is another item; the first one has no comma before it. */
  const more = (end: string, first: boolean): boolean => {
    const character = next();
    if (character === end) {
      at++;
      return false;
    }
    if (first) return true;
    if (character !== ',') fail(`',' or '${end}' is wanted`);
    at++;
    return true;
  };
  const value = (within: number): Raw => {
    const character = next();
    if ((character === '{' || character === '[') && within === depth) fail('it is too deep');
    if (character === '{') {
      at++;
      const entries = new Map<string, Raw>();
      let repeated: Set<string> | undefined;
      while (more('}', entries.size === 0)) {
        next();
        const name = string();
        if (next() !== ':') fail("':' is wanted");
        at++;
        if (entries.has(name)) (repeated ??= new Set()).add(name);
        entries.set(name, value(within + 1));
      }
      return { entries, repeated: repeated ?? none };
    }
    if (character === '[') {
      at++;
      const items: Raw[] = [];
      while (more(']', items.length === 0)) items.push(value(within + 1));
      return items;
    }
    if (character === '"') return string();
    const said = take(word);
    if (said !== undefined) return words.get(said)!;
    const digits = take(number) ?? fail('a value is wanted');
    return Number.isFinite(Number(digits)) ? { number: digits } : fail('the number is too large');
  };
  const whole = value(0);
  return next() === '' && at === source.length ? whole : fail('something follows');
}
