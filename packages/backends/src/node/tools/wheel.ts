import { BackendError } from '@elbo/core';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What the binding is linked to and compiled against, in a TensorFlow Python package of version 2.12 or later. */
const parts = [
  'libtensorflow_cc.so.2',
  'libtensorflow_framework.so.2',
  'include/tensorflow/c/c_api.h',
  'include/tensorflow/c/eager/c_api.h',
] as const;

/** A folder in which the Python package may lie, as the folder itself, site-packages or a virtual environment. */
function* candidates(folder: string): Generator<string> {
  yield folder;
  yield join(folder, 'tensorflow');
  for (const lib of ['lib', 'lib64']) {
    const inside = join(folder, lib);
    const pythons = existsSync(inside) ? readdirSync(inside) : [];
    for (const python of pythons.filter((name) => name.startsWith('python')))
      yield join(inside, python, 'site-packages', 'tensorflow');
  }
}

/**
 * The folder of a TensorFlow Python package.
 *
 * @param folder It, its site-packages, or a virtual environment that has it.
 * @throws BackendError when there is none, or it lacks a part.
 */
export function wheelIn(folder: string): string {
  const all = [...candidates(resolve(folder))];
  const found = all.find((each) => existsSync(join(each, parts[0])));
  if (found === undefined)
    throw new BackendError(
      `There is no TensorFlow Python package in ${resolve(folder)}: ${parts[0]} is in none of ${all.join(', ')}. ` +
        'Make one: python3 -m venv tf && tf/bin/pip install tensorflow-cpu (tensorflow[and-cuda] for a GPU), and give that folder, tf.',
    );
  const missing = parts.filter((part) => !existsSync(join(found, part)));
  if (missing.length > 0)
    throw new BackendError(
      `The TensorFlow Python package in ${found} lacks ${missing.join(', ')}: it needs version 2.12 or later, whole.`,
    );
  return realpathSync(found);
}
