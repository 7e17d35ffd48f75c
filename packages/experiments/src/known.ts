import { closest, type Registry } from '@elbo/core';
import type { ProceduralEntry } from '@elbo/datasets';
import { recipes, standard } from '@elbo/models';
import { addressOf, kindsOf, loadPlugin, type Plugin } from '@elbo/parallel';
import type { Recipe } from '@elbo/recipes';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RequestError } from './request_error.js';

/** What a command knows by name. */
export interface Known {
  /** What configurations can name. */
  readonly registry: Registry;
  readonly recipes: readonly Recipe[];
  /** Datasets beside those of the catalogue. */
  readonly datasets: readonly ProceduralEntry[];
  /** The plugins that were loaded: what a run remembers them by, and where they are. */
  readonly plugins: readonly { readonly name: string; readonly address: string }[];
}

/** What a program adds to what the command knows. */
export type Additions = Partial<Pick<Known, 'registry' | 'recipes' | 'datasets'>>;

/** Everything of Elbo, with what a program adds. */
export function knownWith({ registry, recipes: more = [], datasets = [] }: Additions): Known {
  return {
    registry: standard.with(
      ...more.flatMap((recipe) => recipe.registry.kinds),
      ...(registry?.kinds ?? []),
    ),
    recipes: [...recipes, ...more],
    datasets,
    plugins: [],
  };
}

/**
 * Loads the plugins that a command line names, which runs their code: files by their paths, packages by their names.
 *
 * @throws RequestError for an address, or a name that is taken; ConfigError for a plugin that cannot be loaded.
 */
export async function withPlugins(known: Known, given: readonly string[]): Promise<Known> {
  let found = known;
  for (const plugin of given) {
    if (/^[a-z][a-z\d+.-]+:/i.test(plugin))
      throw new RequestError(
        `--plugin ${plugin.slice(0, 40)}: a plugin must be a file or an installed package, not a URL.`,
      );
    const address = addressOf(plugin);
    const name = nameOf(plugin, address);
    if (found.plugins.some((other) => other.name === name))
      throw new RequestError(
        `--plugin ${plugin}: two plugins are called '${name}', and runs identify them by name: rename one.`,
      );
    found = add(found, await loadPlugin(address), name, address);
  }
  return found;
}

/**
 * What runs remember a plugin by: a package's name, or that of a file without its folders, so that a run can be moved. Of
 * an index it is the folder's that tells.
 */
function nameOf(plugin: string, address: string): string {
  const isPath = plugin.startsWith('.') || address.endsWith(encodeURI(plugin));
  if (!isPath) return plugin;
  const path = fileURLToPath(address);
  const file = basename(path);
  return file.startsWith('index.') ? `${basename(dirname(path))}/${file}` : file;
}

function add(known: Known, plugin: Plugin, name: string, address: string): Known {
  const expectNew = (
    what: string,
    items: readonly { readonly name: string }[],
    before: readonly { readonly name: string }[],
  ): void => {
    const taken = items.find((item) => before.some((other) => other.name === item.name));
    if (taken)
      throw new RequestError(
        `The plugin '${name}' has a ${what} '${taken.name}', but that name is already taken.`,
      );
  };
  expectNew('model', plugin.recipes, known.recipes);
  expectNew('dataset', plugin.datasets, known.datasets);
  return {
    registry: known.registry.with(...kindsOf(plugin)),
    recipes: [...known.recipes, ...plugin.recipes],
    datasets: [...known.datasets, ...plugin.datasets],
    plugins: [...known.plugins, { name, address }],
  };
}

/**
 * A configuration names the plugins that it needs; which code runs is for this command line alone to say.
 *
 * @throws RequestError that names those which this command line does not load.
 */
export function expectPlugins(
  needed: readonly string[] | undefined,
  { plugins }: Known,
  where: string,
): void {
  const missing = needed?.filter((name) => !plugins.some((plugin) => plugin.name === name)) ?? [];
  if (missing.length > 0)
    throw new RequestError(
      `${where} was made with the plugin${missing.length > 1 ? 's' : ''} ${missing.map((name) => `'${name}'`).join(' and ')}, which ${missing.length > 1 ? 'are' : 'is'} code that runs only if you say so: add --plugin with its path or the name of its package.`,
    );
}

/** @throws RequestError that suggests the nearest name. */
export function recipeNamed(name: string, { recipes }: Known): Recipe {
  const recipe = recipes.find((candidate) => candidate.name === name);
  if (recipe) return recipe;
  const names = recipes.map((candidate) => candidate.name);
  const near = closest(name, names);
  throw new RequestError(
    `There is no model '${name}'${near ? `; did you mean '${near}'?` : `. Known: ${names.join(', ')}.`}`,
  );
}
