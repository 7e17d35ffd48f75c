// Runs the packages' benchmarks on their builds:
//   npm run bench -- [NAME …] [--json] [--write]     (a NAME is a package or a benchmark; all without one)
// A benchmark is packages/*/bench/*.bench.mjs or tools/benchmarks/*.bench.mjs, and exports `name`, `run()`, which resolves
// to { rows }, and, where a list of all rows would be long, `summary(rows)`: other rows for docs/benchmarks.md, which
// --write writes.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { describe, machine } from './lib/machine.mjs';
import { record } from './lib/record.mjs';
import { build } from './lib/tasks.mjs';
import { packages, root } from './lib/workspace.mjs';

const { values: flags, positionals } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
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

/** The same as Markdown. */
function markdown(rows) {
  const fields = [...new Set(rows.flatMap(Object.keys))];
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const body = rows.map((row) => line(fields.map((field) => String(show(row[field])))));
  return [line(fields), line(fields.map(() => '---')), ...body].join('\n');
}

const unknown = positionals.find(
  (wanted) => !benchmarks.some(({ names }) => names.includes(wanted)),
);
const chosen = benchmarks.filter(
  ({ names }) => positionals.length === 0 || names.some((own) => positionals.includes(own)),
);
if (unknown !== undefined) {
  const known = [...new Set(benchmarks.map(({ names }) => names[0]))].join(', ');
  console.error(`No benchmark '${unknown}'. There are: ${known}.`);
  process.exitCode = 2;
} else {
  await build();
  const results = [];
  if (!flags.json) console.log(`${describe(machine())}\n`);
  for (const { file } of chosen) {
    const { name, run, summary } = await import(pathToFileURL(file).href);
    const { rows } = await run();
    results.push({ name, rows });
    if (!flags.json) console.log(`${name}\n${table(rows)}\n`);
    if (flags.write)
      await record({
        page: 'benchmarks',
        name,
        markdown: `## ${name}\n\n${markdown(summary?.(rows) ?? rows)}\n\n\`npm run bench -- ${name}\` on ${describe(machine())}.`,
        json: { machine: machine(), rows },
      });
  }
  if (flags.json) console.log(JSON.stringify({ machine: machine(), results }, null, 2));
}
