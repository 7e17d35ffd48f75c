#!/usr/bin/env node
import { complain } from './output.js';
import { explained, main } from './program.js';

/** Whether something could not be written that was asked for. */
let lost = false;
for (const [name, stream] of [
  ['output', process.stdout],
  ['error', process.stderr],
] as const)
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that goes away (`elbo models | head -1`) ends nothing and is no error; nor does a full disk end a training.
    if (error.code === 'EPIPE' || lost) return;
    lost = true;
    complain(
      `elbo: standard ${name} cannot be written to (${error.message}): the command continues without it.`,
    );
  });

process.on('uncaughtException', (error) => {
  // Training, while it goes on, saves first.
  if (process.listenerCount('uncaughtException') === 1) process.exit(explained(error));
});

let ended = false;
process.on('beforeExit', () => {
  if (ended) return;
  console.error(
    'elbo: the command ended before it was done, because nothing was left for it to wait for. A thread may have run out of memory: if you use --workers, try fewer.',
  );
  process.exit(1);
});

void main(process.argv.slice(2)).then((status) => {
  ended = true;
  process.exitCode = lost && status === 0 ? 1 : status;
});
