// Which tests ask for which mutant, from one pass over all files of tests with every mutant off.
import { pass, spent } from './pass.mjs';
import { testsOn } from './reload.mjs';
import { watch } from './switches.mjs';

/**
 * Runs every file twice: to load what it imports, which shows what runs at import, and then again with that in place.
 *
 * @returns for each mutant: how often it is asked for at most in a file (`times`), and by file its tests, or `true` for all
 * where it runs while suites are made; `early`, the file that it is in, where it runs at import, so that it needs to be on
 * then, and any test that imports it may tell. For each file, what its tests cost, and what is around them, in ms. A file
 * that fails with every mutant off, as one that needs a process of its own, is left out.
 */
export async function covered(outer, files, all) {
  const mutants = {};
  const paths = new Map(all.map(({ id, path }) => [id, path]));
  const entryOf = (id) => (mutants[id] ??= { times: 0, files: {} });
  const costs = {};
  const leftOut = {};
  for (const file of files) {
    const loaded = new Set();
    let phase;
    const onPhase = (name) => (phase = name);
    watch((id) => phase === 'load' && loaded.add(id));
    const nothing = await pass(outer, file, { wanted: () => false, onPhase });
    const again = new Set();
    const counts = new Map();
    watch((id) => {
      counts.set(id, (counts.get(id) ?? 0) + 1);
      if (phase === 'load') again.add(id);
      const tests = (entryOf(id).files[file] ??= new Set());
      tests.add(phase);
    });
    const began = spent();
    const { failure, times } = await pass(outer, file, { onPhase });
    watch(undefined);
    const fault = nothing.failure ?? failure;
    if (fault) {
      leftOut[file] = `${fault.test}: ${fault.says}`;
      for (const { files: own } of Object.values(mutants)) delete own[file];
    }
    const tests = Object.fromEntries(times.map(({ test, ms }) => [test, ms]));
    const inTests = times.reduce((sum, { ms }) => sum + ms, 0);
    costs[file] = { around: Math.max(0, spent() - began - inTests), tests };
    for (const [id, count] of counts) entryOf(id).times = Math.max(entryOf(id).times, count);
    for (const id of loaded) if (!again.has(id)) entryOf(id).early = paths.get(id);
  }
  for (const entry of Object.values(mutants)) {
    for (const [file, tests] of Object.entries(entry.files))
      entry.files[file] = tests.has('load') || tests.has('suite') ? true : [...tests];
    if (entry.early)
      for (const file of testsOn(outer, entry.early, files))
        if (!leftOut[file]) entry.files[file] = true;
  }
  return { mutants, costs, leftOut };
}
