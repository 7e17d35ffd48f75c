import * as v from 'valibot';
import type { Config } from './config.js';
import { ConfigError } from './errors.js';
import { closest } from './spelling.js';

/** A sort of value that configs describe: networks, encoders, terms, models, … It types what `build` returns. */
export interface Category<out T> {
  readonly name: string;
  /** Carries the type only. */
  readonly value?: T;
}

/** A category by its name. */
export function category<T>(name: string): Category<T> {
  return { name };
}

/** One kind of a category: how to read its options and build it. Made by `defineKind`. */
export interface Kind<out T = unknown> {
  readonly kind: string;
  readonly category: Category<T>;
  build(options: unknown, registry: Registry): T;
}

/** Kinds by name, as an immutable value. */
export interface Registry {
  readonly kinds: readonly Kind[];
  /**
   * Builds what a config describes.
   *
   * @throws ConfigError that names an unknown kind, a misspelt option or a value that does not fit, and its place.
   */
  build<T>(category: Category<T>, config: Config): T;
  /** A registry with more kinds; one of the same name replaces an earlier one. */
  with(...kinds: readonly Kind[]): Registry;
}

/**
 * Defines a kind. `options` is the schema of everything in the config but `kind`; unknown options are refused.
 *
 * Nested configs have the schema `nested` and are built in `build` by `registry.build(category, config)`.
 */
export function defineKind<T, const Entries extends v.ObjectEntries>(
  kind: string,
  category: Category<T>,
  options: Entries,
  build: (options: v.InferOutput<v.ObjectSchema<Entries, undefined>>, registry: Registry) => T,
): Kind<T> {
  const schema = v.strictObject(options);
  return {
    kind,
    category,
    build: (given, registry) => {
      const parsed = v.safeParse(schema, given);
      if (!parsed.success)
        throw new ConfigError(`${category.name} '${kind}': ${describe(parsed.issues, Object.keys(options))}`);
      return build(parsed.output as v.InferOutput<v.ObjectSchema<Entries, undefined>>, registry);
    },
  };
}

function describe(issues: readonly v.BaseIssue<unknown>[], known: readonly string[]): string {
  return issues
    .map((issue) => {
      const path = v.getDotPath(issue) ?? '';
      if (issue.type === 'strict_object' && issue.expected === 'never') {
        const near = closest(path, known);
        return `unknown option '${path}'${near ? `; did you mean '${near}'?` : ` (it has ${known.join(', ')})`}`;
      }
      return `option '${path}': expected ${issue.expected ?? 'another value'}, got ${issue.received}`;
    })
    .join('; ');
}

/** The schema of a nested config. */
export const nested: v.GenericSchema<Config> = v.looseObject({ kind: v.string() }) as v.GenericSchema<Config>;

/** A registry of these kinds. */
export function createRegistry(...kinds: readonly Kind[]): Registry {
  const byName = new Map(kinds.map((kind) => [`${kind.category.name}/${kind.kind}`, kind]));
  const registry: Registry = {
    kinds: [...byName.values()],
    build: <T>(category: Category<T>, config: Config): T => {
      const { kind: name, ...options } = config;
      const kind = byName.get(`${category.name}/${name}`);
      if (!kind) {
        const known = kinds.filter((k) => k.category.name === category.name).map((k) => k.kind);
        const near = closest(name, known);
        throw new ConfigError(
          `There is no ${category.name} '${name}'${near ? `; did you mean '${near}'?` : `. Known: ${known.join(', ') || 'none'}.`}`,
        );
      }
      return kind.build(options, registry) as T;
    },
    with: (...more) => createRegistry(...byName.values(), ...more),
  };
  return registry;
}
