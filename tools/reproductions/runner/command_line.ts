import { parseArgs } from 'node:util';
import type { Flags, Values } from './study.js';

/** A request that makes no sense, as a person has to be told. */
export class UsageError extends Error {}

/** What every study takes, and what is left for the one that is named. */
export interface Line {
  readonly name: string | undefined;
  readonly json: boolean;
  /** Whether what is found is kept for a later run and not recorded in docs/. */
  readonly part: boolean;
  readonly seeds: readonly number[] | undefined;
  readonly rest: readonly string[];
}

/** @throws UsageError for seeds that are no whole numbers. */
export function readLine([name, ...args]: readonly string[]): Line {
  const rest: string[] = [];
  let json = false;
  let part = false;
  let seeds: string | undefined;
  for (let arg = args.shift(); arg !== undefined; arg = args.shift())
    if (arg === '--json') json = true;
    else if (arg === '--part') part = true;
    else if (arg === '--seeds') seeds = args.shift() ?? '';
    else if (arg.startsWith('--seeds=')) seeds = arg.slice('--seeds='.length);
    else rest.push(arg);
  if (seeds !== undefined && !/^\d+(,\d+)*$/.test(seeds))
    throw new UsageError(`--seeds takes whole numbers, as in 0,1,2, not '${seeds}'.`);
  return { name, json, part, seeds: seeds?.split(',').map(Number), rest };
}

/**
 * The flags of a study.
 *
 * @throws UsageError for one that it does not have.
 */
export function readFlags<F extends Flags>(rest: readonly string[], flags: F): Values<F> {
  const options = Object.fromEntries(
    Object.keys(flags).map((name) => [name, { type: 'string' } as const]),
  );
  try {
    const { values } = parseArgs({ args: [...rest], options });
    return { ...flags, ...values } as Values<F>;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}
