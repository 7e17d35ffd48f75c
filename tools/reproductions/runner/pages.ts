// Writes the page anew from the numbers that are kept: after a change to what tables show, and not to what is measured.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { studies } from '../studies/index.js';
import { costs, type Kept } from './costs.js';
import { footer, type Host } from './host.js';

/** A study's numbers, if it was ever run. */
async function keptOf(name: string, root: string): Promise<Kept | undefined> {
  try {
    const file = join(root, 'docs', 'reproductions', `${name}.json`);
    return JSON.parse(await readFile(file, 'utf8')) as Kept;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Every section that there are numbers of, and what they cost. */
export async function writePages(host: Host): Promise<void> {
  const all: Record<string, Kept> = {};
  for (const [name, load] of Object.entries(studies)) {
    const kept = await keptOf(name, host.root);
    if (!kept) continue;
    all[name] = kept;
    const { page } = await load();
    const { command, machine, result } = kept;
    await host.record({
      page: 'reproductions',
      name,
      markdown: `${page(result).trim()}\n\n${footer(command, machine, host)}`,
      json: kept,
    });
  }
  const { markdown, json } = costs(all);
  await host.record({ page: 'reproductions', name: 'costs', markdown, json });
}
