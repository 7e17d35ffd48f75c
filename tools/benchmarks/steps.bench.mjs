// One training step of the same model in this project and elsewhere, in one run: every program runs in a process of its
// own and they take turns, so that whatever else the machine does meets them all.
//   npm run bench -- steps [--json]
// ELBO_PYTHON names a Python with torch or jax; `python3` is asked without it.
import { models } from './steps/models.mjs';
import { startPeers } from './steps/peer.mjs';
import { everyone } from './steps/peers.mjs';
import { timed } from './steps/turns.mjs';

export const name = 'steps';

/** Rows of models, columns of programs: milliseconds, then how many times as long as ours on one thread. */
export async function run() {
  const rows = [];
  for (const model of models) {
    const peers = startPeers(await everyone());
    try {
      const times = await timed(model, peers);
      const ours = times.get('elbo').ms;
      for (const [peer, { ms }] of times) rows.push({ model, program: peer, ms, ratio: ms / ours });
    } finally {
      for (const peer of peers) peer.stop();
    }
  }
  return { rows };
}

export { byProgram as summary } from './steps/turns.mjs';
