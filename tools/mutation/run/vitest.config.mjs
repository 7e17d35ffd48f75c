// Vitest, as the packages use it, on sources with mutants in them. What to do comes from the file that ELBO_MUTATION names.
import { mergeConfig } from 'vitest/config';
import { fileURLToPath } from 'node:url';
import { base } from '../../../vitest.base.js';
import { readJson } from '../../lib/workspace.mjs';
import { instrumented } from './instrument.mjs';

const { mutants, tests } = readJson(process.env.ELBO_MUTATION);
const byFile = new Map();
for (const mutant of mutants) byFile.set(mutant.path, [...(byFile.get(mutant.path) ?? []), mutant]);

const config = mergeConfig(base, {
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      transform(code, id) {
        const own = byFile.get(id);
        return own ? { code: instrumented(id, own), map: null } : undefined;
      },
    },
  ],
  test: {
    runner: fileURLToPath(new URL('runner.mjs', import.meta.url)),
    pool: 'forks',
    reporters: [fileURLToPath(new URL('silent.mjs', import.meta.url))],
    maxWorkers: 1,
    isolate: false,
    fileParallelism: false,
  },
});
// One file, in whose place the runner does all the rest.
config.test.include = [tests[0]];
export default config;
