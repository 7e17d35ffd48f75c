import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Whether a process of this machine lives. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    // EPERM: it lives, and is someone else's.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/**
 * When a process of this machine started, in the system's own ticks: of two processes with one number, it tells which. Where
 * the system does not say, `undefined`.
 */
export function startOf(pid: number): string | undefined {
  const stat = tried(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The second field is the program's name in brackets, which may hold anything; the 22nd is the start.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** Where process numbers mean the same: a machine since it was started, and in it a container. */
export function machineOf(): string {
  const boot = tried(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim());
  const space = tried(() => readlinkSync('/proc/self/ns/pid'));
  return [hostname(), boot ?? '', space ?? ''].join(' ');
}
