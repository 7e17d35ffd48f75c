import { ConfigError, createRegistry, type Kind, type Registry, messageOf } from '@elbo/core';
import { datasetKinds } from '@elbo/datasets';
import { createRequire } from 'node:module';
import { isAbsolute, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

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
    `The plugin '${plugin}' is not found from ${folder}, nor from ${program}: install it, or give its address, import.meta.resolve('${plugin}').`,
  );
}

/**
 * A registry of datasets and of what the plugins at these addresses add.
 *
 * @throws ConfigError that names the plugin which cannot be loaded, or exports no `kinds`.
 */
export async function registryOf(addresses: readonly string[]): Promise<Registry> {
  const loaded = await Promise.all(addresses.map(kindsAt));
  return createRegistry(...datasetKinds, ...loaded.flat());
}

async function kindsAt(address: string): Promise<readonly Kind[]> {
  let plugin: { readonly kinds?: unknown };
  try {
    plugin = (await import(address)) as typeof plugin;
  } catch (error) {
    throw new ConfigError(`The plugin ${address} cannot be loaded (${messageOf(error)}).`, {
      cause: error,
    });
  }
  if (!Array.isArray(plugin.kinds))
    throw new ConfigError(
      `The plugin ${address} exports no \`kinds\`: an array of what its configs can name, made by defineKind.`,
    );
  return plugin.kinds as readonly Kind[];
}
