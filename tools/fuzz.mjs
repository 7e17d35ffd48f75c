// Feeds every reader of what comes from outside with inputs made from whole ones by seeded changes:
//   npm run fuzz -- [--inputs 1000000] [--seed 1] [--reader NAME]
// A reader may refuse an input with an error of ours; anything else, and memory without bound, is a fault.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { binary, root, scratch } from './lib/workspace.mjs';

const { values: flags } = parseArgs({
  options: {
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    reader: { type: 'string' },
  },
});
mkdirSync(scratch, { recursive: true });
const out = join(scratch, 'fuzz.json');
rmSync(out, { force: true });
const began = performance.now();
const child = spawn(process.execPath, [binary('vitest'), 'run', 'test/fuzz.test.ts'], {
  cwd: join(root, 'packages', 'experiments'),
  stdio: 'inherit',
  env: {
    ...process.env,
    ELBO_FUZZ_INPUTS: flags.inputs,
    ELBO_FUZZ_SEED: flags.seed,
    ELBO_FUZZ_OUT: out,
    ...(flags.reader !== undefined && { ELBO_FUZZ_READER: flags.reader }),
  },
});
const [status] = await once(child, 'exit');
if (!existsSync(out)) throw new Error('The readers did not come to an end: see above.');
const outcomes = JSON.parse(readFileSync(out, 'utf8'));
const column = (text, width) => String(text).padStart(width);
console.log(
  'reader                     inputs      read   refused    faults  slowest, ms   grown, MB',
);
for (const { reader, inputs, read, slowest, grown, faults } of outcomes)
  console.log(
    `${reader.padEnd(22)} ${column(inputs, 10)}${column(read, 10)}${column(inputs - read - faults.length, 10)}${column(faults.length, 10)}${column(slowest.toFixed(0), 13)}${column((grown / 1e6).toFixed(0), 12)}`,
  );
const all = outcomes.reduce((sum, { inputs }) => sum + inputs, 0);
console.log(`${all} inputs in ${((performance.now() - began) / 1000).toFixed(0)} s`);
process.exitCode = status ?? 1;
