// Running other programs.
import { spawn } from 'node:child_process';

/** What a shell would give as the status of a child that ended. */
const statusOf = (code, signal) =>
  code ?? 128 + ({ SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal] ?? 1);

/**
 * Runs a program and resolves to its status and, where they are not inherited, to its standard output
 * and to both outputs as they came.
 * A `timeout` in milliseconds kills it. Only npm needs a shell, and only on Windows.
 */
export function run(command, args, { inherit = false, timeout, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm' && process.platform === 'win32',
      ...options,
    });
    const chunks = [];
    const standard = [];
    child.stdout?.on('data', (c) => standard.push(c));
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (c) => chunks.push(c));
    let timedOut = false;
    const timer =
      timeout &&
      setTimeout(() => {
        timedOut = true;
        child.kill('SIGKILL');
      }, timeout);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({
        status: statusOf(code, signal),
        stdout: Buffer.concat(standard).toString(),
        output: Buffer.concat(chunks).toString(),
        timedOut,
      });
    });
  });
}

/** Runs a program quietly, and throws with all it said when it fails. Resolves to its standard output. */
export async function must(command, args, options) {
  const { status, stdout, output } = await run(command, args, options);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${output}`);
  return stdout;
}

/** Runs a Node script on this terminal as if it had been called itself: signals go in, its status comes out. */
export function become(script, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit', ...options });
    // A terminal interrupts its whole foreground group, so the child has heard of that already.
    const onTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
    const interrupt = () => onTerminal || child.kill('SIGINT');
    const terminate = () => child.kill('SIGTERM');
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', terminate);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', terminate);
      resolve(statusOf(code, signal));
    });
  });
}
