import * as v from 'valibot';
import { expect, it } from 'vitest';
import { asGiven, exactly, notNegative, positive, recordOf, whole } from '../src/schemas.js';

it('what a schema leaves out of its output is there as it was given', () => {
  const given = JSON.parse('{"a":1,"__proto__":2,"other":3}') as object;
  expect(Object.keys(v.parse(asGiven(v.looseObject({ a: v.number() })), given))).toEqual([
    ...['a', '__proto__', 'other'],
  ]);
});

it('a schema that gives its input back is a schema still: in a pipe it runs on nothing that was refused', () => {
  const seen: unknown[] = [];
  const looking = asGiven(
    v.custom<string>((value) => {
      seen.push(value);
      return true;
    }),
  );
  const piped = v.pipe(v.string(), looking);
  expect(v.safeParse(piped, 5).success).toBe(false);
  expect(seen).toEqual([]);
  expect(v.parse(piped, 'a')).toBe('a');
  expect(seen).toEqual(['a']);
});

it.each([
  ['a whole number from 2', whole(2), [2, 2 ** 53 - 1], [1, 2.5, 2 ** 53, NaN, '2']],
  ['a number above 0', positive, [1e-300, 5], [0, -1, NaN]],
  ['a number from 0', notNegative, [0, 5], [-1e-300, NaN]],
] as const)('%s', (_, schema, good, bad) => {
  for (const value of good) expect(v.safeParse(schema, value).success).toBe(true);
  for (const value of bad) expect(v.safeParse(schema, value).success).toBe(false);
});

it('a record has keys of any name, and names the one whose value does not fit', () => {
  const schema = recordOf(v.number());
  const given = JSON.parse('{"__proto__":1,"constructor":2}') as object;
  expect(Object.entries(v.parse(schema, given))).toEqual([
    ['__proto__', 1],
    ['constructor', 2],
  ]);
  const { issues } = v.safeParse(schema, { a: 1, b: 'x' });
  expect(issues).toHaveLength(1);
  expect(v.getDotPath(issues![0])).toBe('b');
  expect(issues![0]).toMatchObject({ expected: 'number', received: '"x"' });
  expect(v.safeParse(schema, 5).success).toBe(false);
});

it('an object of known keys refuses any other, by its name', () => {
  const schema = exactly({ a: v.number() });
  expect(v.parse(schema, { a: 1 })).toEqual({ a: 1 });
  for (const key of ['b', '__proto__', 'constructor']) {
    const { issues } = v.safeParse(schema, JSON.parse(`{"a":1,"${key}":2}`));
    expect(v.getDotPath(issues![0])).toBe(key);
  }
});
