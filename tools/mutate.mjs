// Makes small faults in the sources, one at a time, to see whether a test fails; records it in docs/mutation.md:
//   npm run mutate -- [--package core,training] [--seed 1] [--count 540] [--survivors] [--own] [--most 30]
//   npm run mutate -- --file packages/objectives/src/divergences/mmd.ts [--count 540]
// The sample is drawn from all packages, and --package runs the share of some. --survivors takes what was caught before as
// caught, and tries only the rest again, as after writing tests. --file tries the mutants of one file and records nothing.
// --most: seconds that the own tests of one mutant may cost, the quickest file first. With --own, what a package's tests do
// not catch is not tried against those of the packages above it.
// Seed 1 is the sample that tests are written for. Another seed is another sample, kept beside it, which says how much
// those tests see of what nobody has looked at (--seed 3 --count 120 --least 4). --least: mutants of the smallest package.
// --page only writes the page anew. A run that was killed goes on where it was. Without --survivors it takes about an
// hour on one core: it is for the night. What mutants there are, and what is left out, stands in mutation/list/operators.mjs.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/workspace.mjs';
import { mutantsOf, sourcesOf } from './mutation/list/mutants.mjs';
import { sampled, spread } from './mutation/list/sample.mjs';
import { asked, isAbove, mutated } from './mutation/packages.mjs';
import { counted, reviewed, writePage } from './mutation/page/page.mjs';
import { keep, kept, others } from './mutation/page/results.mjs';
import { runPackage } from './mutation/run/run_package.mjs';

const { values: flags } = parseArgs({
  options: {
    package: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '540' },
    least: { type: 'string', default: '12' },
    file: { type: 'string' },
    survivors: { type: 'boolean', default: false },
    own: { type: 'boolean', default: false },
    most: { type: 'string', default: '30' },
    page: { type: 'boolean', default: false },
  },
});
const [seed, count, least] = [flags.seed, flags.count, flags.least].map(Number);
/** What the tests of one mutant may cost, in ms: of its own package, and of each one above. */
const most = { own: 1000 * Number(flags.most), above: 3000 };
const began = performance.now();
const note = (text) =>
  console.log(`${String(Math.round((performance.now() - began) / 1000)).padStart(6)} s  ${text}`);
// What is stopped stops the process of the tests too, which is in a group of its own.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
const writePages = () => writePage(kept(), others());
const unknown = (text) => {
  console.error(text);
  process.exit(2);
};

/** Mutants of one package against its own tests. */
const againstOwn = (name, mutants) =>
  mutants.length === 0 ? new Map() : runPackage(name, mutants, { most: most.own, note });

/** Survivors of any package against the tests of those above theirs, a package of tests at a time. Gives what was caught. */
async function againstAbove(survivors) {
  const caught = new Map();
  for (const tests of asked) {
    const open = survivors.filter(
      (mutant) => !caught.has(mutant.id) && isAbove(tests, mutant.package),
    );
    if (open.length === 0) continue;
    const outcomes = await runPackage(tests, open, { most: most.above, note });
    for (const [id, { outcome, by }] of outcomes)
      if (outcome === 'caught') caught.set(id, { outcome, by: `${tests}: ${by}` });
  }
  return caught;
}

const show = ({ file, line, before, after }) =>
  console.log(
    `  ${file}:${line}  ${before.replaceAll(/\s+/g, ' ')}  →  ${after.replaceAll(/\s+/g, ' ') || 'nothing'}`,
  );

async function ofFile(file) {
  const path = join(root, relative(root, file));
  if (!existsSync(path)) unknown(`There is no file ${path}.`);
  const name = relative(join(root, 'packages'), path).split('/')[0];
  const mutants = sampled(mutantsOf(path), count, seed);
  const outcomes = await againstOwn(name, mutants);
  const survivors = mutants.filter(({ id }) => outcomes.get(id).outcome !== 'caught');
  for (const mutant of survivors.sort((a, b) => a.start - b.start)) show(mutant);
  console.log(`${mutants.length - survivors.length} of ${mutants.length} caught.`);
}

/** A line of the results. */
function rowOf(mutant, name, { outcome, by }, last) {
  const { id, file, line, operator, before, after } = mutant;
  const survivedOnce = last?.survivedOnce || last?.outcome === 'survived';
  const row = { id, package: name, file, line, operator, before, after, outcome, by };
  return survivedOnce ? { ...row, survivedOnce } : row;
}

const byPlace = (a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1);

async function ofPackages(names) {
  const all = mutated.map((name) => sourcesOf(name).flatMap((file) => mutantsOf(file)));
  const shares = spread(
    all.map((mutants) => mutants.length),
    count,
    least,
  );
  const last = kept(seed);
  const known = new Map(last.mutants.map((row) => [row.id, row]));
  const results = { seed, packages: last.packages, rows: new Map() };
  for (const row of known.values())
    results.rows.set(row.package, [...(results.rows.get(row.package) ?? []), row]);
  const record = async () => {
    const there = mutated.filter((name) => results.rows.has(name));
    keep({
      seed,
      note: last.note || (flags.own ? 'The tests of packages above were not asked.' : ''),
      packages: Object.fromEntries(there.map((name) => [name, results.packages[name]])),
      mutants: there.flatMap((name) => results.rows.get(name).sort(byPlace)),
    });
    await writePages();
  };

  for (const name of names) {
    const start = performance.now();
    const own = all[mutated.indexOf(name)];
    const mutants = sampled(own, shares[mutated.indexOf(name)], seed);
    const isDone = ({ id }) => flags.survivors && known.get(id)?.outcome === 'caught';
    const outcomes = await againstOwn(
      name,
      mutants.filter((mutant) => !isDone(mutant)),
    );
    const rows = mutants.map((mutant) =>
      rowOf(mutant, name, outcomes.get(mutant.id) ?? known.get(mutant.id), known.get(mutant.id)),
    );
    results.rows.set(name, rows);
    const minutes = flags.survivors
      ? (last.packages[name]?.minutes ?? 0)
      : (performance.now() - start) / 60_000;
    results.packages[name] = { mutants: own.length, minutes };
    await record();
    const { caught, harmless, survived } = counted(rows, reviewed());
    note(`${name}: ${caught} of ${rows.length} caught, ${harmless} harmless, ${survived} survived`);
  }

  if (flags.own) return;
  const harmless = new Set(reviewed().map(({ id }) => id));
  const places = new Map(all.flat().map((mutant) => [mutant.id, mutant]));
  const survivors = names
    .flatMap((name) => results.rows.get(name))
    .filter(({ id, outcome }) => outcome !== 'caught' && !harmless.has(id))
    .map((row) => ({ ...places.get(row.id), package: row.package }));
  const caught = await againstAbove(survivors);
  for (const name of names)
    results.rows.set(
      name,
      results.rows.get(name).map((row) => ({ ...row, ...caught.get(row.id) })),
    );
  await record();
}

if (flags.page) await writePages();
else if (flags.file) await ofFile(flags.file);
else {
  const names = flags.package?.split(',') ?? mutated;
  for (const name of names)
    if (!mutated.includes(name))
      unknown(`'${name}' is none of the packages: ${mutated.join(', ')}.`);
  await ofPackages(names);
}
