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
