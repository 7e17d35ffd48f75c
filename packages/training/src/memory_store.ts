import { FileError, type Store } from '@elbo/core';

/**
 * A store that lasts as long as the program: for tests, and for pages that keep nothing.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@elbo/training';
 *
 * const store = memoryStore();
 * await store.write('a', new Uint8Array([1]));
 * console.log(await store.list()); // [ 'a' ]
 * ```
 */
export function memoryStore(): Store {
  const files = new Map<string, Uint8Array>();
  return {
    list: () => Promise.resolve([...files.keys()]),
    read: (name) => {
      const bytes = files.get(name);
      return bytes
        ? Promise.resolve(bytes.slice())
        : Promise.reject(new FileError(`There is no '${name}' in this store.`));
    },
    write: (name, bytes) => {
      files.set(name, bytes.slice());
      return Promise.resolve();
    },
    remove: (name) => {
      files.delete(name);
      return Promise.resolve();
    },
  };
}
