// The kept results: docs/mutation/results.json, and of a second sample second.json, one line for each mutant.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson, root } from '../../lib/workspace.mjs';

const pathOf = (second) => join(root, 'docs', 'mutation', second ? 'second.json' : 'results.json');

export function kept({ second = false } = {}) {
  const path = pathOf(second);
  return existsSync(path) ? readJson(path) : { seed: undefined, packages: {}, mutants: [] };
}

export function keep({ seed, note, packages, mutants }, { second = false } = {}) {
  const path = pathOf(second);
  mkdirSync(dirname(path), { recursive: true });
  const lines = mutants.map((mutant) => JSON.stringify(mutant)).join(',\n');
  writeFileSync(
    path,
    `{"seed":${JSON.stringify(seed)},\n"note":${JSON.stringify(note ?? '')},\n"packages":${JSON.stringify(packages)},\n"mutants":[\n${lines}\n]}\n`,
  );
}
