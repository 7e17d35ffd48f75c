import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import {
  category,
  ConfigError,
  createRegistry,
  defineKind,
  nested,
  type Category,
  type Config,
  type Kind,
} from '../src/index.js';

interface Shape {
  readonly config: Config;
  area(): number;
}
const shapes: Category<Shape> = category('shape');
const drawings: Category<readonly Shape[]> = category('drawing');

const square = defineKind('square', shapes, { side: v.number() }, ({ side }) => ({
  config: { kind: 'square', side },
  area: () => side * side,
}));
const oblong = defineKind(
  'oblong',
  shapes,
  { width: v.number(), height: v.optional(v.number(), 1) },
  ({ width, height }) => {
    if (width === height) throw new ConfigError('this is a square.');
    return { config: { kind: 'oblong', width, height }, area: () => width * height };
  },
);
const group: Kind<Shape> = defineKind(
  'group',
  shapes,
  { parts: v.array(nested) },
  ({ parts }, registry) => {
    const built = parts.map((part) => registry.build(shapes, part));
    return {
      config: { kind: 'group', parts: built.map(({ config }) => config) },
      area: () => built.reduce((sum, part) => sum + part.area(), 0),
    };
  },
);
const drawing = defineKind('square', drawings, {}, () => []);
const registry = createRegistry(square, oblong, group, drawing);

const failure = (config: unknown): string => {
  try {
    registry.build(shapes, config as Config);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('It was built.');
};

describe('registry.build', () => {
  it('builds nested values, with defaults filled in, and an equal one from their config', () => {
    const config = {
      kind: 'group',
      parts: [
        { kind: 'square', side: 2 },
        { kind: 'group', parts: [{ kind: 'oblong', width: 3 }] },
      ],
    };
    const made = registry.build(shapes, config);
    expect(made.area()).toBe(7);
    const again = registry.build(shapes, JSON.parse(JSON.stringify(made.config)) as Config);
    expect(again.config).toEqual(made.config);
    expect(again.area()).toBe(7);
  });

  it('keeps kinds of one name in two categories apart', () => {
    expect(registry.build(drawings, { kind: 'square' })).toEqual([]);
    expect(registry.build(shapes, { kind: 'square', side: 3 }).area()).toBe(9);
  });

  it('names an unknown kind, and the one that was meant', () => {
    expect(failure({ kind: 'sqare', side: 1 })).toBe(
      "There is no shape 'sqare'; did you mean 'square'?",
    );
    expect(failure({ kind: 'circle' })).toBe(
      "There is no shape 'circle'; known: square, oblong, group.",
    );
    expect(() => createRegistry().build(shapes, { kind: 'square' })).toThrow('known: none.');
  });

  it('names a misspelt option, and the one that was meant', () => {
    expect(failure({ kind: 'oblong', width: 1, hieght: 2 })).toBe(
      "shape 'oblong': unknown option 'hieght' (did you mean 'height'?).",
    );
    expect(failure({ kind: 'oblong', width: 1, colour: 2 })).toBe(
      "shape 'oblong': unknown option 'colour' (it has width, height).",
    );
  });

  it.each(['constructor', 'prototype', '__proto__', 'toString', 'hasOwnProperty'])(
    'names an unknown option %s like any other, also in a nested config',
    (name) => {
      const parsed = (text: string): unknown => JSON.parse(text);
      const square = parsed(`{"kind":"square","side":1,"${name}":2}`);
      expect(failure(square)).toContain(`unknown option '${name}'`);
      expect(failure({ kind: 'group', parts: [square] })).toContain(`unknown option '${name}'`);
      expect(failure(parsed(`{"kind":"${name}"}`))).toContain(`There is no shape '${name}'`);
    },
  );

  it('names what is missing and what has the wrong type', () => {
    expect(failure({ kind: 'square' })).toBe("shape 'square': option 'side' is missing.");
    expect(failure({ kind: 'square', side: '2' })).toBe(
      "shape 'square': option 'side': expected number, got \"2\".",
    );
    expect(failure({ kind: 'square', side: NaN })).toContain('expected number, got NaN');
    expect(failure({ kind: 'group', parts: [{ side: 1 }] })).toContain("option 'parts.0.kind'");
  });

  it('says where in a nested config', () => {
    const inner = { kind: 'group', parts: [{ kind: 'square', sid: 2 }] };
    expect(failure({ kind: 'group', parts: [inner] })).toBe(
      "shape 'group' › shape 'group' › shape 'square': option 'side' is missing; " +
        "unknown option 'sid' (did you mean 'side'?).",
    );
    expect(failure({ kind: 'group', parts: [{ kind: 'oblong', width: 1 }] })).toBe(
      "shape 'group' › shape 'oblong' › this is a square.",
    );
  });

  it.each([null, undefined, 3, 'square', [], {}, { kind: 7 }])(
    'refuses %o, of no kind',
    (config) => {
      expect(failure(config)).toMatch(/A shape is described by an object with a 'kind'/);
    },
  );

  it('lets other errors through', () => {
    const broken = defineKind('broken', shapes, {}, () => {
      throw new RangeError('bug');
    });
    expect(() => registry.with(broken).build(shapes, { kind: 'broken' })).toThrow(RangeError);
  });
});

describe('registry.with', () => {
  it('replaces a kind of the same name, in a new registry only', () => {
    const unit = defineKind('square', shapes, {}, () => ({
      config: { kind: 'square' },
      area: () => 1,
    }));
    const other = registry.with(unit);
    expect(other.build(shapes, { kind: 'square' }).area()).toBe(1);
    expect(registry.build(shapes, { kind: 'square', side: 2 }).area()).toBe(4);
    expect(other.kinds).toHaveLength(registry.kinds.length);
    expect(other.build(shapes, { kind: 'group', parts: [{ kind: 'square' }] }).area()).toBe(1);
  });
});
