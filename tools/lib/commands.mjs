// The commands behind `npm start`, `npm test`, `npm run check` and `npm run nightly`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';
import { become } from './run.mjs';
import { build, runTargets } from './tasks.mjs';
import { root } from './workspace.mjs';
import { summarise } from './summary.mjs';

/** What `npm start` trains: at most about three minutes on two cores. Flags given after it win. */
const demonstration = ['train', 'avb', '--data', 'strokes', '--steps', '1500', '--seed', '7'];

const testTargets = ['typecheck', 'lint', 'format', 'test'];
const checkTargets = [
  ...testTargets,
  'build',
  'pack',
  'consume',
  'examples',
  'conformance',
  'knip',
  'named',
  'layout',
  'size',
];

async function start(flags) {
  await ensureInstalled();
  console.log('Building the command ...');
  await build();
  const command = join(root, 'packages', 'cli', 'dist', 'elbo.js');
  if (!existsSync(command)) throw new Error(`The build made no ${command}.`);
  return become(command, demonstrate(flags), { cwd: root });
}

/** The demonstration with flags of its own; else the one that `npm start` does once, goes on with, or has done. */
function demonstrate(flags) {
  if (flags.length > 0) return [...demonstration, ...flags];
  const run = join('runs', 'start');
  const at = (...names) => join(root, run, ...names);
  if (!existsSync(at('config.json'))) return [...demonstration, '--out', run];
  console.log(
    `${run} is there: going on with it. To train anew, delete it or give flags: npm start -- --seed 8`,
  );
  return ['train', '--resume', run];
}

async function verify(targets) {
  await ensureInstalled();
  return summarise(await runTargets(targets));
}

/** Every package's tests, the slow ones too, which the tests themselves leave out without the variable. */
function nightly() {
  process.env.ELBO_NIGHTLY = '1';
  return verify(['test']);
}

const commands = {
  start: { run: start, counts: false },
  test: { run: () => verify(testTargets), counts: true },
  check: { run: () => verify(checkTargets), counts: true },
  nightly: { run: nightly, counts: true },
};

/** Runs one command and sets the exit status. A count, where one is due, is the last line whatever happens. */
export async function main([name, ...rest]) {
  const command = commands[name];
  if (!command) {
    console.error(`Usage: node tools/bootstrap.mjs ${Object.keys(commands).join('|')}`);
    process.exitCode = 2;
    return;
  }
  try {
    process.exitCode = await command.run(rest[0] === '--' ? rest.slice(1) : rest);
  } catch (error) {
    console.error(`\n${error.message}`);
    if (command.counts) summarise({ rows: [], status: 1 });
    process.exitCode = 1;
  }
}
