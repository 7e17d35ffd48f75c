// Loaded before the command (`--import`): kills its process at the so-manieth operation on files in a folder, and counts
// them when it lives. Which operation that is depends on no clock, and what it was on is said.
import { writeSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename, dirname, sep } from 'node:path';
import { isMainThread } from 'node:worker_threads';

const { ELBO_KILL_IN: dir = '', ELBO_KILL_AT: at } = process.env;
let count = 0;

/** The file's name, without what is another each time. */
const plain = (path) =>
  path === dir
    ? 'its folder'
    : basename(path).replace(/^\.(.+?)\.[0-9a-f]{8}-\d+-[0-9a-f]+\.tmp$/, '$1~');

function die(what, path) {
  const folder = basename(dirname(path));
  writeSync(
    2,
    `\nkilled at: ${what} ${folder === 'checkpoints' ? `${folder}/` : ''}${plain(path)}\n`,
  );
  process.kill(process.pid, 'SIGKILL');
}

/** Counts an operation on a path; whether it is the one to die at. */
const meets = (path) =>
  (String(path) === dir || String(path).startsWith(dir + sep)) && ++count === Number(at);

/** Has a function of files die before it does anything. */
function wrap(name) {
  const original = promises[name];
  promises[name] = async (path, ...rest) => {
    // A rename is told by what it makes.
    if (meets(path))
      die(name, name === 'rename' || name === 'link' ? String(rest[0]) : String(path));
    return original(path, ...rest);
  };
}

/** Has a write die in its middle. */
function wrapWrites(prototype, paths) {
  const { write, writeFile } = prototype;
  prototype.write = async function (bytes, from = 0, length, ...rest) {
    const path = paths.get(this);
    if (path !== undefined && meets(path)) {
      await write.call(this, bytes, from, length >> 1, ...rest);
      die('half of', path);
    }
    return write.call(this, bytes, from, length, ...rest);
  };
  prototype.writeFile = async function (content, ...rest) {
    const path = paths.get(this);
    if (path !== undefined && meets(path)) {
      await writeFile.call(this, content.slice(0, content.length >> 1), ...rest);
      die('half of', path);
    }
    return writeFile.call(this, content, ...rest);
  };
}

if (isMainThread && dir !== '') {
  const paths = new WeakMap();
  const handle = await promises.open(import.meta.filename);
  wrapWrites(Object.getPrototypeOf(handle), paths);
  await handle.close();
  for (const name of ['mkdir', 'rename', 'link', 'rm']) wrap(name);
  const original = promises.open;
  promises.open = async (path, ...rest) => {
    const opened = await original(path, ...rest);
    paths.set(opened, String(path));
    return opened;
  };
  syncBuiltinESMExports();
  process.on('exit', () => writeSync(2, `\noperations: ${count}\n`));
}
