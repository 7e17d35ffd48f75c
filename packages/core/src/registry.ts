import * as v from 'valibot';
import type { Config } from './config.js';
import { ConfigError } from './errors.js';
import { asGiven, exactly } from './schemas.js';
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
 *
 * @example
 * ```ts
 * import { createRegistry, defineKind, priorCategory, standardNormal } from '@elbo/core';
 * import * as v from 'valibot';
 *
 * const small = defineKind('small', priorCategory, { dim: v.optional(v.number(), 2) }, ({ dim }) =>
 *   standardNormal(dim),
 * );
 * const registry = createRegistry(small);
 * console.log(registry.build(priorCategory, { kind: 'small' }).dim); // 2
 * ```
 */
export function defineKind<T, const Entries extends v.ObjectEntries>(
  kind: string,
  category: Category<T>,
  options: Entries,
  build: (options: v.InferOutput<v.ObjectSchema<Entries, undefined>>, registry: Registry) => T,
): Kind<T> {
  const schema = exactly(options);
  const place = `${category.name} '${kind}'`;
  return {
    kind,
    category,
    build: (given, registry) => {
      const parsed = v.safeParse(schema, given);
      if (!parsed.success)
        throw new ConfigError(`${place}: ${describe(parsed.issues, Object.keys(options))}.`);
      try {
        return build(parsed.output, registry);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        throw new ConfigError(`${place} › ${error.message}`, { cause: error });
      }
    },
  };
}

function describe(issues: readonly v.BaseIssue<unknown>[], known: readonly string[]): string {
  return issues
    .map((issue) => {
      const path = v.getDotPath(issue) ?? '';
      const ofObject = issue.type === 'strict_object';
      if (ofObject && issue.expected === 'never') {
        const near = closest(path, known);
        const hint = near ? `did you mean '${near}'?` : `it has ${known.join(', ') || 'none'}`;
        return `unknown option '${path}' (${hint})`;
      }
      if (ofObject && issue.received === 'undefined') return `option '${path}' is missing`;
      return `option '${path}': expected ${issue.expected ?? 'another value'}, got ${issue.received}`;
    })
    .join('; ');
}

/** The schema of a nested config. */
export const nested: v.GenericSchema<Config> = asGiven(
  v.looseObject({ kind: v.string() }),
) as v.GenericSchema<Config>;

/** A registry of these kinds; of two with one name in one category, the later counts. */
export function createRegistry(...kinds: readonly Kind[]): Registry {
  const byName = new Map(kinds.map((kind) => [`${kind.category.name}/${kind.kind}`, kind]));
  const unique = [...byName.values()];
  const registry: Registry = {
    kinds: unique,
    build: <T>(category: Category<T>, config: Config): T => {
      // A config may come from a file, so its type is a claim.
      const given = v.safeParse(nested, config);
      if (!given.success) {
        const shown: unknown = JSON.stringify(config);
        throw new ConfigError(
          `A ${category.name} is described by an object with a 'kind', such as { "kind": "…" }; got ${String(shown).slice(0, 60)}.`,
        );
      }
      const { kind: name, ...options } = given.output;
      const kind = byName.get(`${category.name}/${name}`);
      if (!kind) {
        const known = unique.filter((k) => k.category.name === category.name).map((k) => k.kind);
        const near = closest(name, known);
        const hint = near ? `did you mean '${near}'?` : `known: ${known.join(', ') || 'none'}.`;
        throw new ConfigError(`There is no ${category.name} '${name}'; ${hint}`);
      }
      return kind.build(options, registry) as T;
    },
    with: (...more) => createRegistry(...unique, ...more),
  };
  return registry;
}
