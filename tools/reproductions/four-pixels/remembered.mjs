// Results that a kill does not lose. After a change to what makes them, delete the folder they are in.

/** What is kept under `name.json` in a store; made, and kept, when there is none. */
export async function remembered(store, name, make) {
  const file = `${name}.json`;
  if ((await store.list()).includes(file))
    return JSON.parse(new TextDecoder().decode(await store.read(file)));
  const value = await make();
  await store.write(file, new TextEncoder().encode(JSON.stringify(value)));
  return value;
}
