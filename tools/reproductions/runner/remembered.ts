import type { Store } from '@elbo/core';

/**
 * What is kept under `name.json` in a store, so that a kill does not lose it; made, and kept, when there is none. After a
 * change to what makes it, delete the folder.
 */
export async function remembered<T>(
  store: Store,
  name: string,
  make: () => T | Promise<T>,
): Promise<T> {
  const file = `${name}.json`;
  if ((await store.list()).includes(file))
    return JSON.parse(new TextDecoder().decode(await store.read(file))) as T;
  const value = await make();
  await store.write(file, new TextEncoder().encode(JSON.stringify(value)));
  return value;
}
