import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const elbo = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'dist', 'elbo.js');

/** The command with which a phase begins or goes on in a folder. */
export function nextWords(words, phase, dir) {
  const path = join(dir, 'config.json');
  const begun = existsSync(path);
  if (phase > 0) {
    const { legs = [] } = JSON.parse(readFileSync(path, 'utf8'));
    return ['train', '--resume', dir, ...(legs.length < phase ? words : [])];
  }
  return begun ? ['train', '--resume', dir] : [...words, '--out', dir];
}

/** What a run was doing, by what is in its folder and what it said last. */
function stageOf(dir, said) {
  const checkpoints = join(dir, 'checkpoints');
  if (!existsSync(join(dir, 'config.json'))) return 'before the run';
  const torn =
    existsSync(checkpoints) && readdirSync(checkpoints).some((name) => name.startsWith('.'));
  if (torn) return 'writing a checkpoint';
  if (said.includes('"event":"report"')) return 'training or reporting';
  return said.includes('"event":"start"') ? 'before its first step' : 'starting';
}

/**
 * Runs the command once. With a moment it is killed: `after` so many ms of its start, or of its report of a `step`, or at
 * the so-manieth temporary file that it writes.
 *
 * @returns How it ended; `hit` says what it was doing when it was killed, if it was.
 */
export function attempt(words, dir, moment) {
  const child = spawn(process.execPath, [elbo, ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let stderr = '';
  let hit;
  let watcher;
  let writes = 0;
  const kill = () => {
    if (child.exitCode !== null || hit !== undefined) return;
    child.kill('SIGKILL');
  };
  const timer =
    moment &&
    moment.step === undefined &&
    moment.write === undefined &&
    setTimeout(kill, moment.after);
  createInterface(child.stdout).on('line', (line) => {
    said = line;
    if (moment?.step !== undefined && line.includes(`"step":${moment.step},`))
      setTimeout(kill, moment.after);
    if (moment?.write !== undefined && !watcher && line.includes('"event":"start"'))
      watcher = watch(join(dir, 'checkpoints'), (_, name) => {
        if (name?.startsWith('.') && ++writes >= moment.write) kill();
      });
  });
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      watcher?.close();
      if (signal === 'SIGKILL') hit = stageOf(dir, said);
      resolve({ status, stderr, hit });
    });
  });
}
