// What the commands' options have in common.
import { backendNames } from '@elbo/backends';
import { closest } from '@elbo/core';
import type { Augmentation, HoldOut } from '@elbo/datasets';
import { modelParts, type Known, type PartName, type WarmStart } from '@elbo/experiments';
import { InvalidArgumentError, Option } from 'commander';
import type { Output } from '../output.js';

/** Runs a command with the output it asked for and what it knows, and keeps its exit status. */
export type Run = (
  command: (output: Output, known: Known) => number | Promise<number>,
) => () => Promise<void>;

/** A whole number of at least `least`. */
export function whole(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`Give a whole number of at least ${least}.`);
    return value;
  };
}

/** A share of all, none and all excepted. */
export function share(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError('Give a number between 0 and 1.');
  return value;
}

/** `VALIDATION[,TEST]`: numbers of rows, or shares of them. */
export function holdOut(text: string): HoldOut {
  const [validation, test, ...more] = text.split(',').map(Number);
  const fits = (value: number): boolean =>
    Number.isSafeInteger(value) ? value >= 1 : value > 0 && value < 1;
  if (!fits(validation!) || (test !== undefined && !fits(test)) || more.length > 0)
    throw new InvalidArgumentError(
      'Give a number of rows, or a share below 1, for validation, and another one for testing after a comma: 0.1 or 5000,5000.',
    );
  return { validation: validation!, ...(test !== undefined && { test }) };
}

/** `N` or `HxW`: the height and width of images. */
export function imageSize(text: string): readonly [height: number, width: number] {
  const [height, width, ...more] = text.split(/[x×,]/).map(Number);
  const sides = [height!, width ?? height!];
  if (
    more.length > 0 ||
    !sides.every((side) => Number.isSafeInteger(side) && side >= 1 && side <= 4096)
  )
    throw new InvalidArgumentError(
      'Give a number of pixels from 1 to 4096, or a height and a width: 64 or 48x64.',
    );
  return [sides[0]!, sides[1]!];
}

/** A run or a file whose parameters are taken, and behind a colon the parts. */
export function warmStart(text: string): WarmStart {
  const [, source, named] = /^(.+?)(?::([a-z]+(?:,[a-z]+)*))?$/.exec(text) ?? [];
  const parts = named?.split(',');
  if (source === undefined || parts?.every(isPart) === false)
    throw new InvalidArgumentError(
      `Give a run or a file, and after a colon which parts to take (${modelParts.join(', ')}): runs/a:decoder.`,
    );
  return { source, ...(parts && { parts: parts as PartName[] }) };
}

const isPart = (name: string): boolean => (modelParts as readonly string[]).includes(name);

/** Ways to vary images, separated by commas. */
export function augmentation(text: string): readonly Augmentation[] {
  const ways = [...new Set(text.split(','))];
  if (!ways.every((way): way is Augmentation => way === 'flip' || way === 'shift'))
    throw new InvalidArgumentError('Give flip, shift or flip,shift.');
  return ways;
}

/** Words as a shell takes them. */
export function quoted(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** What help ends with. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

/** Of an option that may be repeated. */
export const collect = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];

/** Backends that a command can have: one of them needs a page. */
const here = ['auto', ...backendNames.filter((name) => name !== 'webgl')];

export const backend = (): Option =>
  new Option(
    '--backend <name>',
    `where to compute: ${here.slice(0, -1).join(', ')} or ${here.at(-1)!} (default: auto)`,
  ).argParser((name) => {
    if (name === 'auto' || (backendNames as readonly string[]).includes(name)) return name;
    const near = closest(name, here);
    throw new InvalidArgumentError(
      near === undefined ? `Known: ${here.join(', ')}.` : `Did you mean '${near}'?`,
    );
  });
export const threads = (): Option =>
  new Option(
    '--threads <n>',
    'on how many threads to compute, which changes no result on wasm (default: all cores that the program may use, or ELBO_THREADS)',
  ).argParser(whole(1));
export const plugin = (): Option =>
  new Option(
    '--plugin <file|package>',
    'a module with kinds, models or datasets of your own; its code is run; may be repeated',
  ).argParser(collect);
export const dataDir = (): Option =>
  new Option('--data-dir <folder>', 'where data files are looked for first');
export const checkpoint = (): Option =>
  new Option(
    '--checkpoint <which>',
    'best, last or the number of a step (default: best if the run keeps it, otherwise last)',
  ).argParser((text) => {
    if (text === 'best' || text === 'last') return text;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new InvalidArgumentError('Give best, last or the number of a step.');
  });
export const seed = (): Option =>
  new Option('--seed <n>', 'the seed of everything random').argParser(whole(0));
export const json = (): Option =>
  new Option('--json', 'print results as JSON, one object per line');
