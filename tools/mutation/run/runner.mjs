// Vitest's runner in the process of the tests. The one file that Vitest is given is not run: in its stead come the
// passes over the mutants, so that sources, engine and backend are loaded once for all of them.
import { test } from '@vitest/runner';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { TestRunner } from 'vitest';
import { covered } from './coverage.mjs';
import { plan, tryMutant } from './try_mutant.mjs';

const task = JSON.parse(readFileSync(process.env.ELBO_MUTATION, 'utf8'));
const { mutants, tests, coverage: where, journal, queue, most } = task;
const write = (entry) => appendFileSync(journal, `${JSON.stringify(entry)}\n`);

async function work(outer) {
  if (!existsSync(where)) {
    writeFileSync(where, JSON.stringify(await covered(outer, tests, mutants)));
    return;
  }
  const known = JSON.parse(readFileSync(where, 'utf8'));
  let fresh = true;
  for (const id of queue) {
    const entry = { ...known.mutants[id], id };
    const steps = plan(entry, known, { most });
    const ms = steps.reduce((sum, step) => sum + step.ms, 0);
    write({ id, begins: true, ms });
    const began = performance.now();
    const limit = 60_000 + 50 * Math.max(...steps.map((step) => step.ms));
    const result = await tryMutant(outer, entry, steps, { limit, fresh });
    write({ id, ...result, took: Math.round(performance.now() - began) });
    if (result.outcome === 'doubtful') return;
    fresh = false;
  }
}

export default class extends TestRunner {
  importFile() {
    test('is where the mutants are run', () => {});
  }

  async onAfterRunFiles(files) {
    await super.onAfterRunFiles(files);
    try {
      await work(this);
    } catch (error) {
      write({ broke: error.stack });
    }
  }
}
