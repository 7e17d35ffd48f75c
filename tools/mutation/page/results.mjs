// The kept results in docs/mutation, one line for each mutant: of the sample with seed 1, which tests are written for, in
// results.json, and of any other in seed_N.json.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readJson, root } from '../../lib/workspace.mjs';

const folder = join(root, 'docs', 'mutation');
const pathOf = (seed) => join(folder, seed === 1 ? 'results.json' : `seed_${seed}.json`);

export function kept(seed = 1) {
  const path = pathOf(seed);
  return existsSync(path) ? readJson(path) : { seed, packages: {}, mutants: [] };
}

/** What is kept of all samples but the first, in order of their seeds. */
export const others = () =>
  readdirSync(folder)
    .flatMap((name) => /^seed_(\d+)\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .map((seed) => kept(seed));

export function keep({ seed, note, packages, mutants }) {
  const path = pathOf(seed);
  mkdirSync(dirname(path), { recursive: true });
  const lines = mutants.map((mutant) => JSON.stringify(mutant)).join(',\n');
  writeFileSync(
    path,
    `{"seed":${JSON.stringify(seed)},\n"note":${JSON.stringify(note ?? '')},\n"packages":${JSON.stringify(packages)},\n"mutants":[\n${lines}\n]}\n`,
  );
}
