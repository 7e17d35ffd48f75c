import type { Json } from '@elbo/core';

/** Numbers below `n`, the same for the same seed. Not for statistics: for inputs that come again. */
export type Pick = (n: number) => number;

/** A source of numbers (xorshift, 32 bits). */
export function picks(seed: number): Pick {
  let state = (seed * 2654435761 + 1) >>> 0 || 1;
  return (n) => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % n;
  };
}

const one = <T>(pick: Pick, items: readonly T[]): T => items[pick(items.length)]!;

const words = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

function editBytes(pick: Pick, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const at = pick(bytes.length + 1);
  const some = pick(Math.min(64, bytes.length - at + 1));
  const join = (...parts: readonly Uint8Array[]): Uint8Array =>
    new Uint8Array(Buffer.concat(parts));
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const made = bytes.slice();
  switch (pick(7)) {
    case 0:
      if (at < made.length) made[at]! ^= 1 << pick(8);
      return made;
    case 1:
      if (at < made.length) made[at] = pick(256);
      return made;
    case 2:
      if (at + 4 <= made.length)
        new DataView(made.buffer).setUint32(at, one(pick, words), pick(2) === 0);
      return made;
    case 3:
      return before.slice();
    case 4:
      return join(before, after.subarray(some));
    case 5:
      return join(before, bytes.subarray(at, at + some), after);
    default:
      return join(before, other.subarray(pick(other.length + 1)));
  }
}

/** Bytes with a few changes: bits, numbers, cuts, repetitions, the end of another file. */
export function mutateBytes(pick: Pick, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let made = bytes;
  for (let edits = 1 + pick(4); edits > 0; edits--) made = editBytes(pick, made, other);
  return made;
}

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'kind',
  'step',
  '',
  '\u001b[31m',
  'a.b',
];
const values: readonly (() => Json)[] = [
  ...[null, true, 0, -1, 0.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 1e-320, '', 'x', [], {}].map(
    (value) => () => value,
  ),
  ...names.map((name) => () => name),
  () => 'long '.repeat(500),
  () => Array.from({ length: 300 }, (_, i) => i),
  () => nest(120),
  () => nest(90),
  () => JSON.parse('{"__proto__":{"kind":"vae"},"constructor":1}') as Json,
];

function nest(depth: number): Json {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value };
  return value;
}

/** JSON with one change at some place: another value, another name, something less or more. */
function mutateJson(pick: Pick, json: Json): Json {
  if (typeof json !== 'object' || json === null || pick(8) === 0) return one(pick, values)();
  const isArray = Array.isArray(json);
  const entries = Object.entries(json);
  if (entries.length === 0) return isArray ? [one(pick, values)()] : { [one(pick, names)]: 1 };
  const at = pick(entries.length);
  const [name, value] = entries[at]!;
  switch (pick(8)) {
    case 0:
      entries.splice(at, 1);
      break;
    case 1:
      entries.splice(at, 1, [isArray ? name : one(pick, names), value]);
      break;
    case 2:
      entries.splice(at, 0, [one(pick, names), one(pick, entries)[1]]);
      break;
    default:
      entries[at] = [name, mutateJson(pick, value)];
  }
  return isArray ? entries.map(([, each]) => each) : Object.fromEntries(entries);
}

/** A text of JSON that is changed as JSON, and sometimes as bytes too. */
export function mutateText(pick: Pick, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const at = pick(lines.length);
  try {
    let json = JSON.parse(lines[at]!) as Json;
    for (let edits = 1 + pick(2); edits > 0; edits--) json = mutateJson(pick, json);
    lines[at] = JSON.stringify(json);
  } catch {
    // The line is none, such as the empty one behind the last.
  }
  const made = new TextEncoder().encode(lines.join('\n'));
  return pick(4) === 0 ? mutateBytes(pick, made, other) : made;
}
