// One mutant against the tests that ask for it, the cheapest file first, until one fails.
import { pass } from './pass.mjs';
import { forget } from './reload.mjs';
import { ranOut, turnOff, turnOn } from './switches.mjs';

/** The files whose tests ask for a mutant, with these tests and what they cost, in ms: the cheapest first, up to `most`. */
export function plan({ files }, { costs }, { most }) {
  let sum = 0;
  return Object.entries(files)
    .map(([file, tests]) => {
      const { around, tests: each } = costs[file];
      const names = tests === true ? Object.keys(each) : tests;
      return { file, tests, ms: names.reduce((sum, test) => sum + (each[test] ?? 0), around) };
    })
    .sort((a, b) => a.ms - b.ms)
    .filter(({ ms }, i) => (sum += ms) <= most || i === 0);
}

/** Whether a test passes with every mutant off: alone, or after those that it comes after. */
async function passes(test, { outer, file, wanted, limit }) {
  const alone = await pass(outer, file, { wanted: (name) => name === test, bail: true, limit });
  return !alone.failure || !(await pass(outer, file, { wanted, bail: true, limit })).failure;
}

/**
 * @returns `caught` with the test that failed and how; `survived`; or `doubtful`, where that test fails with the mutant
 * off too, so that an earlier mutant has left something behind in this process.
 */
export async function tryMutant(outer, { id, times, early }, steps, { limit, fresh }) {
  // A mutant that loops asks for its own switch over and over.
  const enough = 1000 * times + 100_000;
  const turn = (on) => {
    if (on) turnOn(id, enough);
    else turnOff();
    if (early) forget(outer, early);
  };
  turn(true);
  try {
    for (const { file, tests } of steps) {
      const wanted = tests === true ? () => true : (name) => tests.includes(name);
      turnOn(id, enough);
      const { failure } = await pass(outer, file, { wanted, bail: true, limit });
      if (ranOut()) return { outcome: 'caught', by: 'it never ends' };
      if (!failure) continue;
      turn(false);
      if (!fresh && !(await passes(failure.test, { outer, file, wanted, limit })))
        return { outcome: 'doubtful' };
      return { outcome: 'caught', by: `${file.split('/test/').at(-1)}: ${failure.test}` };
    }
    return { outcome: 'survived' };
  } finally {
    turn(false);
  }
}
