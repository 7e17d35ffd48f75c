// One training step of the same model in this project and elsewhere, in one run: every program runs in a process of its
// own and they take turns, so that whatever else the machine does meets them all.
//   npm run bench -- steps [--json]
// ELBO_PYTHON names a Python with torch or jax; `python3` is asked without it.
import { models } from './steps/models.mjs';
import { startPeers } from './steps/peers.mjs';
import { median } from '../lib/median.mjs';

export const name = 'steps';

/** Turns that count; one more goes before, to warm up. */
const rounds = 7;

/** Median milliseconds a step of each peer that can run the model. */
async function timed(model, peers) {
  const times = new Map(peers.map((peer) => [peer, []]));
  for (let round = -1; round < rounds; round++) {
    for (const peer of [...times.keys()]) {
      const { ms } = await peer.time(model);
      if (ms === undefined) times.delete(peer);
      else if (round >= 0) times.get(peer).push(ms);
    }
  }
  return new Map([...times].map(([peer, list]) => [peer.name, median(list)]));
}

/** Rows of models, columns of programs: milliseconds, then how many times as long as ours on one thread. */
export async function run() {
  const rows = [];
  for (const model of models) {
    const peers = await startPeers();
    try {
      const times = await timed(model, peers);
      const ours = times.get('elbo');
      for (const [peer, ms] of times) rows.push({ model, program: peer, ms, ratio: ms / ours });
    } finally {
      for (const peer of peers) peer.stop();
    }
  }
  return { rows };
}

/** A row for each program: milliseconds of each model's step. */
export function summary(rows) {
  const programs = [...new Set(rows.map(({ program }) => program))];
  return programs.map((program) => {
    const own = rows.filter((row) => row.program === program);
    const times = own.map(({ model, ms, ratio }) => [
      model,
      `${ms.toPrecision(3)} (×${ratio.toFixed(2)})`,
    ]);
    return { 'milliseconds a step': program, ...Object.fromEntries(times) };
  });
}
