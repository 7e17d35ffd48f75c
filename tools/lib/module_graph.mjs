// Which modules of a folder lead to which.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

/** The modules that each module of a folder names by a relative path, types included. */
function graphOf(folder) {
  const modules = readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
  const leadsTo = (module) =>
    ts
      .preProcessFile(readFileSync(module, 'utf8'))
      .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => resolve(dirname(module), fileName.replace(/\.js$/, '.ts')));
  return new Map(modules.map((module) => [module, leadsTo(module)]));
}

const graphs = new Map();

/** Whether one module of a folder leads to another. The folder is read once. */
export function leads(folder, from, to) {
  if (!graphs.has(folder)) graphs.set(folder, graphOf(folder));
  const graph = graphs.get(folder);
  const [open, seen] = [[from], new Set()];
  for (let module = open.pop(); module !== undefined; module = open.pop()) {
    if (module === to) return true;
    if (seen.has(module)) continue;
    seen.add(module);
    open.push(...(graph.get(module) ?? []));
  }
  return false;
}
