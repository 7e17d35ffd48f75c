import { ConfigError, createRegistry, messageOf, type Kind, type Registry } from '@elbo/core';
import { datasetKinds, type ProceduralEntry } from '@elbo/datasets';
import type { Recipe } from '@elbo/recipes';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** What a plugin's module exports, each of it if it has some. It is code, and does what any program may. */
export interface Plugin {
  /** What configurations can name, made by `defineKind`. */
  readonly kinds: readonly Kind[];
  /** Models by name, made by `defineRecipe`; the kinds of their registries are known too. */
  readonly recipes: readonly Recipe[];
  /** Datasets by name. Their configs name kinds of the plugin, so that a stored configuration finds them again. */
  readonly datasets: readonly ProceduralEntry[];
}

/**
 * The address of a plugin's module: of a path as seen from the current folder, or a package's name as seen from there or
 * from the program that runs; so that every thread loads what is meant here.
 *
 * @throws ConfigError when there is no such package.
 */
export function addressOf(plugin: string): string {
  if (/^(file|data|node):/.test(plugin)) return plugin;
  const folder = process.cwd();
  if (isAbsolute(plugin) || plugin.startsWith('.')) {
    return pathToFileURL(resolve(folder, plugin)).href;
  }
  const [, program = folder] = process.argv;
  for (const from of [join(folder, 'plugins.js'), resolve(program)]) {
    try {
      return pathToFileURL(createRequire(from).resolve(plugin)).href;
    } catch {
      // The next one may know it.
    }
  }
  throw new ConfigError(
    existsSync(resolve(folder, plugin))
      ? `There is no package '${plugin}'; did you mean the file ./${plugin}?`
      : `The plugin '${plugin}' is not found from ${folder}, nor from ${program}: install it, or give its address, import.meta.resolve('${plugin}').`,
  );
}

/**
 * Loads the plugin at an address, which runs its code.
 *
 * @throws ConfigError that names the plugin which cannot be loaded, or exports nothing that a plugin is for.
 */
export async function loadPlugin(address: string): Promise<Plugin> {
  let module: Readonly<Record<string, unknown>>;
  try {
    module = (await import(address)) as typeof module;
  } catch (error) {
    throw new ConfigError(`The plugin ${address} cannot be loaded (${messageOf(error)}).`, {
      cause: error,
    });
  }
  const names = Object.keys(exported) as (keyof Plugin)[];
  if (!names.some((name) => module[name] !== undefined))
    throw new ConfigError(
      `The plugin ${address} exports none of ${names.map((name) => `\`${name}\``).join(', ')}: arrays of what its configs can name, made by defineKind; of models, made by defineRecipe; of datasets.`,
    );
  const list = (name: keyof Plugin): readonly unknown[] => {
    const { has, what } = exported[name];
    const value = module[name] ?? [];
    const fits = (item: unknown): boolean =>
      typeof item === 'object' && item !== null && has.every((key) => key in item);
    if (!Array.isArray(value) || !value.every(fits))
      throw new ConfigError(
        `The plugin ${address} exports \`${name}\` that is not an array of ${what}.`,
      );
    return value;
  };
  return {
    kinds: list('kinds') as readonly Kind[],
    recipes: list('recipes') as readonly Recipe[],
    datasets: list('datasets') as readonly ProceduralEntry[],
  };
}

/** What is exported, and by what each of it is known. */
const exported: Readonly<
  Record<keyof Plugin, { readonly has: readonly string[]; readonly what: string }>
> = {
  kinds: { has: ['kind', 'category', 'build'], what: 'kinds, as defineKind makes them' },
  recipes: {
    has: ['name', 'summary', 'options', 'registry', 'build'],
    what: 'recipes, as defineRecipe makes them',
  },
  datasets: { has: ['name', 'about', 'make'], what: 'datasets, { name, about, make }' },
};

/**
 * Every kind that a plugin brings.
 *
 * @example
 * ```ts
 * import { kindsOf, loadPlugin } from '@elbo/parallel';
 *
 * const kinds = kindsOf(await loadPlugin('@elbo/vae'));
 * console.log(kinds.some(({ kind }) => kind === 'vae')); // true
 * ```
 */
export function kindsOf({ kinds, recipes }: Plugin): readonly Kind[] {
  return [...recipes.flatMap(({ registry }) => registry.kinds), ...kinds];
}

/**
 * A registry of datasets and of what the plugins at these addresses add.
 *
 * @throws ConfigError that names the plugin which cannot be loaded.
 */
export async function registryOf(addresses: readonly string[]): Promise<Registry> {
  const plugins = await Promise.all(addresses.map(loadPlugin));
  return createRegistry(...datasetKinds, ...plugins.flatMap(kindsOf));
}
