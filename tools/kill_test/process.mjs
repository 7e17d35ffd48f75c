import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const elbo = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'dist', 'elbo.js');
const killer = pathToFileURL(join(import.meta.dirname, 'killer.mjs')).href;

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
  const torn =
    existsSync(checkpoints) && readdirSync(checkpoints).some((name) => name.startsWith('.'));
  if (torn) return 'writing a checkpoint';
  if (said.includes('"event":"report"')) return 'training or reporting';
  if (said.includes('"event":"start"')) return 'before its first step';
  return existsSync(join(dir, 'config.json')) ? 'starting again' : 'before the run';
}

/**
 * Runs the command once. With a moment it is killed: `after` so many ms of its start, or of its report of a `step`, or at
 * the so-manieth operation on files in the run's folder.
 *
 * @returns How it ended, and after how many operations; `hit` says what it was doing when it was killed, if it was.
 */
export function attempt(words, dir, moment) {
  const child = spawn(process.execPath, ['--import', killer, elbo, ...words, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ELBO_KILL_IN: dir,
      ...(moment?.operation !== undefined && { ELBO_KILL_AT: String(moment.operation) }),
    },
  });
  let said = '';
  let stderr = '';
  const kill = () => child.kill('SIGKILL');
  const atStep = moment?.step !== undefined;
  const timers = moment?.after !== undefined && !atStep ? [setTimeout(kill, moment.after)] : [];
  createInterface(child.stdout).on('line', (line) => {
    said = line;
    if (atStep && line.includes(`"step":${moment.step},`))
      timers.push(setTimeout(kill, moment.after));
  });
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  return new Promise((resolve) => {
    child.on('close', (status, signal) => {
      for (const timer of timers) clearTimeout(timer);
      const [, at] = /^killed at: (.*)$/m.exec(stderr) ?? [];
      const [, operations = '0'] = /^operations: (\d+)$/m.exec(stderr) ?? [];
      const hit = signal === 'SIGKILL' ? (at ?? stageOf(dir, said)) : undefined;
      resolve({ status: status ?? signal, stderr, hit, operations: Number(operations) });
    });
  });
}
