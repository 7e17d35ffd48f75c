// Runs the tests that were declared, and resolves to what became of each; of those only whose names hold a text.
import { jasmine } from './environment.mjs';

export function execute(only) {
  const outcomes = [];
  const tests = jasmine.getEnv();
  // The order is that of the files, for some tests leave settings behind that others would trip over.
  tests.configure({ random: false, specFilter: (spec) => spec.getFullName().includes(only) });
  return new Promise((resolve) => {
    tests.addReporter({
      specDone: ({ fullName, status, failedExpectations }) => {
        outcomes.push({ name: fullName, status, message: failedExpectations[0]?.message ?? '' });
      },
      jasmineDone: () => resolve(outcomes),
    });
    tests.execute();
  });
}
