// Runs the tests that were declared, and writes what became of each into the file named by the first argument; of
// those only whose names hold the third.
import { writeFileSync } from 'node:fs';
import { jasmine } from './environment.mjs';

const [, , results, , only = ''] = process.argv;
const outcomes = [];

const tests = jasmine.getEnv();
// The order is that of the files, for some tests leave settings behind that others would trip over.
tests.configure({ random: false, specFilter: (spec) => spec.getFullName().includes(only) });
tests.addReporter({
  specDone: ({ fullName, status, failedExpectations }) => {
    outcomes.push({ name: fullName, status, message: failedExpectations[0]?.message ?? '' });
  },
  jasmineDone: () => {
    writeFileSync(results, JSON.stringify(outcomes));
    // Some tests leave timers behind.
    process.exit(0);
  },
});
tests.execute();
