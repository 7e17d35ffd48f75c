import type { Additions } from '@elbo/experiments';
import { expect, vi } from 'vitest';
import { main } from '../src/index.js';
import type { Ended } from './command.js';

/** Ends when the calls made so far have: a process has one standard output, so they take turns. */
let turn: Promise<unknown> = Promise.resolve();

/** Runs the command in this process, from its sources: the quick way where nothing hangs on a process of its own. */
export function call(args: readonly string[], additions?: Additions): Promise<Ended> {
  const ended = turn.then(() => heard(args, additions));
  turn = ended.catch(() => undefined);
  return ended;
}

/** The same, of words alone. */
export function run(...args: readonly string[]): Promise<Ended> {
  return call(args);
}

const events = ['SIGINT', 'SIGTERM', 'SIGHUP', 'uncaughtException', 'exit'] as const;
const listeners = (): readonly number[] => events.map((event) => process.listenerCount(event));

async function heard(args: readonly string[], additions?: Additions): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const out = (chunk: unknown): boolean => {
    stdout += String(chunk);
    return true;
  };
  const error = (chunk: unknown): boolean => {
    stderr += String(chunk);
    return true;
  };
  const said = (...words: readonly unknown[]): void => {
    error(`${words.map(String).join(' ')}\n`);
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(out),
    vi.spyOn(process.stderr, 'write').mockImplementation(error),
    vi.spyOn(console, 'error').mockImplementation(said),
    vi.spyOn(console, 'warn').mockImplementation(said),
  ];
  const [status, before] = [process.exitCode, listeners()];
  try {
    const ended = { status: await main(args, additions), signal: null };
    return { ...ended, stdout, stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
    // What a process has one of is as it was: a program calls `main` as often as it likes.
    expect([process.exitCode, listeners()], args.join(' ')).toEqual([status, before]);
  }
}
