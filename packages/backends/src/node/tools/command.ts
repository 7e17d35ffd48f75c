import { execFileSync } from 'node:child_process';

/** What a command prints; `undefined` when it is not there or fails. */
export function printed(command: string, args: readonly string[]): string | undefined {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
