// Reproduces a published result and records it in docs/reproductions.md:
//   npm run reproduce -- [NAME] [--seeds 0,1,2] [--json] [FLAGS OF THE REPRODUCTION]
// A reproduction is tools/reproductions/NAME.mjs and exports `summary`, a line about it, and
// `run({ seeds, json, out, log, argv, signal })`, which resolves to { markdown, json }. It keeps what
// it needs to go on after an interruption in the folder `out`; `seeds` is undefined where none are given.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, machine } from './lib/machine.mjs';
import { record } from './lib/record.mjs';
import { build } from './lib/tasks.mjs';
import { root, scratch } from './lib/workspace.mjs';

const folder = join(root, 'tools', 'reproductions');
const names = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.mjs'))
      .map((file) => file.slice(0, -'.mjs'.length))
  : [];
const load = (name) => import(pathToFileURL(join(folder, `${name}.mjs`)).href);

/** Reads the shared flags, and leaves the reproduction's own. */
function parse([name, ...args]) {
  const shared = { json: false, seeds: undefined };
  const argv = [];
  while (args.length > 0) {
    const arg = args.shift();
    if (arg === '--json') shared.json = true;
    else if (arg === '--seeds') shared.seeds = args.shift() ?? '';
    else if (arg.startsWith('--seeds=')) shared.seeds = arg.slice('--seeds='.length);
    else argv.push(arg);
  }
  return { name, argv, ...shared };
}

/** What is wrong with a request, if anything is. */
function complaint({ name, seeds }) {
  if (!names.includes(name))
    return `No reproduction '${name}'. There are: ${names.join(', ') || 'none yet'}.`;
  if (seeds !== undefined && !/^\d+(,\d+)*$/.test(seeds))
    return `--seeds takes whole numbers, as in 0,1,2, not '${seeds}'.`;
  return undefined;
}

async function list() {
  for (const name of names) console.log(`${name.padEnd(20)} ${(await load(name)).summary}`);
  if (names.length === 0) console.log('There are no reproductions yet.');
}

async function reproduce({ name, seeds: text, json, argv }) {
  const seeds = text?.split(',').map(Number);
  await build();
  const { run } = await load(name);
  const out = join(scratch, 'reproductions', name);
  mkdirSync(out, { recursive: true });
  const controller = new AbortController();
  const { signal } = controller;
  for (const kind of ['SIGINT', 'SIGTERM'])
    process.once(kind, () => controller.abort(new Error(`stopped by ${kind}`)));
  // Progress goes beside the result, so that --json can be piped.
  const log = (message) => process.stderr.write(`${message}\n`);
  try {
    const result = await run({ seeds, json, out, log, argv, signal });
    signal.throwIfAborted();
    const flags = [...(text === undefined ? [] : ['--seeds', text]), ...argv];
    const command = ['npm run reproduce --', name, ...flags].join(' ');
    await record({
      page: 'reproductions',
      name,
      markdown: `${result.markdown.trim()}\n\n\`${command}\` on ${describe(machine())}.`,
      json: { command, machine: machine(), result: result.json },
    });
    console.log(json ? JSON.stringify(result.json, null, 2) : result.markdown);
  } catch (error) {
    if (!signal.aborted) throw error;
    log(`Stopped; what is done is kept in ${out}, and the same command goes on from there.`);
    process.exitCode = 130;
  }
}

const request = parse(process.argv.slice(2));
if (request.name === undefined) await list();
else if (complaint(request) === undefined) await reproduce(request);
else {
  console.error(complaint(request));
  process.exitCode = 2;
}
