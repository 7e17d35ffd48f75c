import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Starts programs; each answers a line with a model's name by a line with milliseconds a step, or with a reason. */
export const startPeers = (programs) =>
  Object.entries(programs).map(([name, command]) => startPeer(name, command));

function startPeer(name, [command, ...args]) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, 'exit').then(() => [JSON.stringify({ reason: 'it ended' })]);
  child.stdin.on('error', () => undefined);
  return {
    name,
    time: async (model) => {
      child.stdin.write(`${JSON.stringify({ model })}\n`);
      const [line] = await Promise.race([once(lines, 'line'), ended]);
      return JSON.parse(line);
    },
    stop: () => child.stdin.end(),
  };
}
