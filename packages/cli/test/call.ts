import { vi } from 'vitest';
import { main, type Additions } from '../src/index.js';
import type { Ended } from './command.js';

/** Runs the command in this process, from its sources: the quick way where nothing hangs on a process of its own. */
export async function call(args: readonly string[], additions?: Additions): Promise<Ended> {
  let stdout = '';
  let stderr = '';
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
      stdout += String(chunk);
      return true;
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
      stderr += String(chunk);
      return true;
    }),
    vi.spyOn(console, 'error').mockImplementation((...said: readonly unknown[]) => {
      stderr += `${said.map(String).join(' ')}\n`;
    }),
  ];
  try {
    const status = await main(args, additions);
    return { status, signal: null, stdout, stderr };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
