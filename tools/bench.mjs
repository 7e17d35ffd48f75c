// Runs the packages' benchmarks on their builds:
//   npm run bench -- [NAME] [--json]     (NAME is a package or a benchmark; all without it)
// A benchmark is packages/*/bench/*.bench.mjs or tools/benchmarks/*.bench.mjs, and exports `name` and `run()`, which resolves to { rows }.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { describe, machine } from './lib/machine.mjs';
import { bundle } from './lib/tasks.mjs';
import { packages, root } from './lib/workspace.mjs';

const { values: flags, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const suffix = '.bench.mjs';

/** The benchmarks in a folder, each called by its own name or by one of `others`. */
const benchmarksIn = (folder, others) =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(suffix))
        .map((file) => ({
          file: join(folder, file),
          names: [file.slice(0, -suffix.length), ...others],
        }))
    : [];

const benchmarks = [
  ...packages().flatMap(({ folder, path, manifest }) =>
    benchmarksIn(join(path, 'bench'), [folder, manifest.name]),
  ),
  ...benchmarksIn(join(root, 'tools', 'benchmarks'), []),
];

const show = (value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : (value ?? ''));

/** Rows as aligned columns, under the names of all their fields. */
function table(rows) {
  const fields = [...new Set(rows.flatMap(Object.keys))];
  const lines = [fields, ...rows.map((row) => fields.map((field) => String(show(row[field]))))];
  const widths = fields.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines
    .map((line) => `  ${line.map((text, i) => text.padEnd(widths[i])).join('  ')}`.trimEnd())
    .join('\n');
}

const [wanted] = positionals;
const chosen = benchmarks.filter(({ names }) => wanted === undefined || names.includes(wanted));
if (chosen.length === 0) {
  const known = [...new Set(benchmarks.map(({ names }) => names[0]))].join(', ');
  console.error(`No benchmark '${wanted ?? ''}'. There are: ${known || 'none yet'}.`);
  process.exitCode = 2;
} else {
  await bundle();
  const results = [];
  if (!flags.json) console.log(`${describe(machine())}\n`);
  for (const { file } of chosen) {
    const { name, run } = await import(pathToFileURL(file).href);
    const { rows } = await run();
    results.push({ name, rows });
    if (!flags.json) console.log(`${name}\n${table(rows)}\n`);
  }
  if (flags.json) console.log(JSON.stringify({ machine: machine(), results }, null, 2));
}
