// One process of Vitest that tries mutants of a package, and the watch over it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { binary } from '../../lib/workspace.mjs';

const config = fileURLToPath(new URL('vitest.config.mjs', import.meta.url));

export const linesOf = (journal) =>
  existsSync(journal)
    ? readFileSync(journal, 'utf8')
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    : [];

/** The mutant that was begun and not ended. */
const openOne = (journal) => {
  const last = linesOf(journal).at(-1);
  return last?.begins ? last : undefined;
};

/** Ends a process and all that it started. */
function end(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

/**
 * Runs a task until its process ends, or until nothing has been written for far longer than the tests take.
 *
 * @returns the mutant that was being tried when it was stopped (`stuck`) or ended by itself (`died`), if there is one.
 */
export async function runProcess(task, file, cwd) {
  writeFileSync(file, JSON.stringify(task));
  const child = spawn(
    process.execPath,
    [binary('vitest'), 'run', '--root', cwd, '--config', config],
    {
      cwd,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, CI: '1', ELBO_MUTATION: file },
    },
  );
  let says = '';
  child.stderr.on('data', (data) => (says = (says + data).slice(-4000)));
  const gone = once(child, 'exit').then(() => true);
  const onExit = () => end(child);
  process.on('exit', onExit);
  try {
    while (!(await Promise.race([gone, sleep(1000, false)]))) {
      const open = openOne(task.journal);
      if (open && Date.now() - statSync(task.journal).mtimeMs > 60_000 + 50 * open.ms) {
        end(child);
        await gone;
        return { stuck: open.id, says };
      }
    }
    return { died: openOne(task.journal)?.id, says };
  } finally {
    process.off('exit', onExit);
    end(child);
  }
}
