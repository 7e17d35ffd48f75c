import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { studies } from '../studies/index.js';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const read = (file: string): string => readFileSync(join(docs, file), 'utf8');

/** The part of the page between the markers of a study's name, without the line about the machine. */
function sectionOf(name: string): string {
  const page = read('reproductions.md');
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const section = page.slice(page.indexOf(start) + start.length, page.indexOf(end));
  return `${section.slice(0, section.lastIndexOf('\n`npm run reproduce')).trim()}\n`;
}

const kept = (name: string): string => join('reproductions', `${name}.json`);

it.each(Object.keys(studies).filter((name) => existsSync(join(docs, kept(name)))))(
  'the page of %s is what its kept numbers say',
  async (name) => {
    const { result } = JSON.parse(read(kept(name))) as { result: unknown };
    const { page } = await studies[name]!();
    const options = await resolveConfig(join(docs, 'reproductions.md'));
    expect(await format(page(result), { ...options, parser: 'markdown' })).toBe(sectionOf(name));
  },
);
