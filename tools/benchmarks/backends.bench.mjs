// One training step of the same model on every backend that is here, beside PyTorch and JAX, in one run: every program runs
// in a process of its own, on one thread where it can, and they take turns.
//   npm run bench -- backends [--json]
// ELBO_BACKENDS names a folder that has the optional backends (as for npm run parity), ELBO_PYTHON a Python with torch or
// jax; `python3` is asked without it.
import { startPeers } from './steps/peer.mjs';
import { everyBackend } from './steps/peers.mjs';
import { timed } from './steps/turns.mjs';

export const name = 'backends';

const models = [
  'vae 784-400-20, batch 128',
  'convolutional vae, batch 64',
  'four-pixel avb, batch 512',
];

/** What a program is compared with: eager PyTorch on as many threads. */
const reference = (program) =>
  program.endsWith('all cores') ? 'PyTorch, all cores' : 'PyTorch, 1 thread';

/** Rows of models and programs: milliseconds, then how many times as long as PyTorch's, where that is here. */
export async function run() {
  const rows = [];
  for (const model of models) {
    const peers = startPeers(everyBackend());
    try {
      const times = await timed(model, peers);
      for (const [program, { ms, device = 'cpu' }] of times) {
        const theirs = times.get(reference(program))?.ms;
        rows.push({ model, program, device, ms, ...(theirs && { ratio: ms / theirs }) });
      }
    } finally {
      for (const peer of peers) peer.stop();
    }
  }
  return { rows };
}

export { byProgram as summary } from './steps/turns.mjs';
