// Timing programs in turns, so that whatever else the machine does meets them all.
import { median } from '@elbo/testing/median';
import { atMost, unwritten } from './measure.mjs';

/** Turns that count; one more goes before, to warm up. */
const rounds = 7;

/** Of each peer that can run the model, median milliseconds a step and what else it says, by its name. */
export async function timed(model, peers) {
  const answers = new Map(peers.map((peer) => [peer, []]));
  for (let round = -1; round < rounds; round++) {
    for (const peer of [...answers.keys()]) {
      // It is no noise that makes such a step long.
      if (answers.get(peer)[0]?.ms > atMost) continue;
      const answer = await peer.time(model);
      if (answer.ms === undefined) {
        answers.delete(peer);
        if (answer.reason !== unwritten) console.error(`${peer.name}, ${model}: ${answer.reason}`);
      } else if (round >= 0 || answer.ms > atMost) answers.get(peer).push(answer);
    }
  }
  return new Map(
    [...answers].map(([peer, list]) => [
      peer.name,
      { ...list[0], ms: median(list.map(({ ms }) => ms)) },
    ]),
  );
}

/** A row for each program: milliseconds of each model's step, and their ratio where there is one. */
export function byProgram(rows) {
  const programs = [...new Set(rows.map(({ program }) => program))];
  return programs.map((program) => {
    const own = rows.filter((row) => row.program === program);
    const times = own.map(({ model, ms, ratio }) => [
      model,
      `${ms.toPrecision(3)}${ratio === undefined ? '' : ` (×${ratio.toFixed(2)})`}`,
    ]);
    return { 'milliseconds a step': program, ...Object.fromEntries(times) };
  });
}
