// Mutants against the tests of one package, with what a killed run had done already.
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
} from 'node:fs';
import { join } from 'node:path';
import { root, scratch } from '../../lib/workspace.mjs';
import { sourcesOf } from '../list/mutants.mjs';
import { linesOf, runProcess } from './process.mjs';

/** The files of a package's tests. */
const testsOf = (name) =>
  readdirSync(join(root, 'packages', name, 'test'), { recursive: true })
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => join(root, 'packages', name, 'test', file));

/** A name for what a package's sources and tests are, and the mutants. */
function digestOf(name, mutants) {
  const hash = createHash('sha256');
  const folder = join(root, 'packages', name, 'test');
  const around = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  const mutated = [...new Set(mutants.map(({ file }) => join(root, file)))].sort();
  for (const file of [...sourcesOf(name), ...around, ...mutated])
    hash.update(file).update(readFileSync(file));
  for (const { id } of mutants) hash.update(id);
  return hash.digest('hex').slice(0, 16);
}

/** Where a run of these mutants is written down as it goes, and what its processes are told. */
function filesOf(name, mutants) {
  const folder = join(scratch, 'mutation', name);
  mkdirSync(folder, { recursive: true });
  const digest = digestOf(name, mutants);
  return {
    journal: join(folder, `${digest}.jsonl`),
    coverage: join(folder, `${digest}.json`),
    task: join(folder, 'task.json'),
  };
}

/**
 * Tries mutants against the tests of a package. What was tried before for the same sources and tests is not done again.
 *
 * @param most what the tests of one mutant may cost, in ms, when all pass: the cheaper files come first.
 * @returns the outcomes by id: `{ outcome: 'caught' | 'survived', by, took }`.
 */
export async function runPackage(name, mutants, { most, note }) {
  const files = filesOf(name, mutants);
  const { journal } = files;
  const task = {
    mutants: mutants.map((mutant) => ({ ...mutant, path: join(root, mutant.file) })),
    tests: testsOf(name),
    coverage: files.coverage,
    journal,
    most,
  };
  const write = (entry) => appendFileSync(journal, `${JSON.stringify(entry)}\n`);
  const go = async (more) => {
    const cwd = join(root, 'packages', name);
    const { stuck, died, says } = await runProcess({ ...task, ...more }, files.task, cwd);
    if (stuck !== undefined) write({ id: stuck, outcome: 'caught', by: 'it does not end' });
    if (died !== undefined) write({ id: died, outcome: 'caught', by: 'the process ends' });
    const broke = linesOf(journal).find((line) => line.broke)?.broke;
    if (!broke) return says;
    renameSync(journal, `${journal}.broken`);
    throw new Error(`${name}: ${broke}`);
  };

  if (!existsSync(files.coverage)) {
    note(`tests of ${name}: which of them come by which of ${mutants.length} mutants`);
    const says = await go({ queue: [] });
    if (!existsSync(files.coverage))
      throw new Error(`${name}: the tests did not come to an end.\n${says}`);
  }
  const { mutants: entries, leftOut } = JSON.parse(readFileSync(files.coverage, 'utf8'));
  for (const [file, why] of Object.entries(leftOut)) note(`left out: ${file}: ${why}`);

  const outcomes = () => {
    const known = new Map();
    for (const { id, outcome, by, took = 0 } of linesOf(journal))
      if (outcome === 'caught' || outcome === 'survived') known.set(id, { outcome, by, took });
    return known;
  };
  const open = () => {
    const known = outcomes();
    return mutants.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  };
  for (const id of open())
    if (Object.keys(entries[id]?.files ?? {}).length === 0)
      write({ id, outcome: 'survived', by: 'no test comes by' });
  // One that is doubtful comes first in the next process.
  let before;
  for (let queue = open(); queue.length > 0; queue = open()) {
    if (queue.length === before) throw new Error(`${name}: mutant ${queue[0]} comes to no end.`);
    before = queue.length;
    note(`tests of ${name}: ${queue.length} of ${mutants.length} mutants to go`);
    await go({ queue });
  }
  return outcomes();
}
