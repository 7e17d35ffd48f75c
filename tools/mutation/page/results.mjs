// The kept results: docs/mutation/results.json, one line for each mutant.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson, root } from '../../lib/workspace.mjs';

const path = join(root, 'docs', 'mutation', 'results.json');

export const kept = () =>
  existsSync(path) ? readJson(path) : { seed: undefined, packages: {}, mutants: [] };

export function keep({ seed, note, packages, mutants }) {
  mkdirSync(dirname(path), { recursive: true });
  const lines = mutants.map((mutant) => JSON.stringify(mutant)).join(',\n');
  writeFileSync(
    path,
    `{"seed":${JSON.stringify(seed)},\n"note":${JSON.stringify(note ?? '')},\n"packages":${JSON.stringify(packages)},\n"mutants":[\n${lines}\n]}\n`,
  );
}
