// Keeping a result: its section in a page of docs/ (reproductions, benchmarks), its numbers in the folder of that name.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { root } from './workspace.mjs';

/** Puts a section between the markers of its name, in the place of the last one or at the end. */
function merge(text, name, section, page) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const block = `${start}\n\n${section}\n\n${end}`;
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 && to === -1) return `${text.trimEnd()}\n\n${block}\n`;
  if (from === -1 || to < from)
    throw new Error(`${page} has no pair of markers ${start} … ${end}.`);
  return text.slice(0, from) + block + text.slice(to + end.length);
}

/** @param rows A text for the file in the folder `rows`, if there is one. */
export async function record({ page: title, name, markdown, json, rows }) {
  const folder = join(root, 'docs', title);
  const page = `${folder}.md`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(json, null, 2)}\n`);
  if (rows !== undefined) {
    mkdirSync(join(folder, 'rows'), { recursive: true });
    writeFileSync(join(folder, 'rows', `${name}.json`), rows);
  }
  const before = existsSync(page)
    ? readFileSync(page, 'utf8')
    : `# ${title[0].toUpperCase()}${title.slice(1)}\n`;
  const options = { ...(await resolveConfig(page)), parser: 'markdown' };
  writeFileSync(page, await format(merge(before, name, markdown, page), options));
}
