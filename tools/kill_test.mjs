// npm run kill-test -- [--kills 50] [--seed 1] [--case NAME]: runs of `elbo train` that are killed (SIGKILL) at random
// moments and resumed until they are done. Each has to end with the files of a run that nobody disturbed. On the builds.
import { fold, key, uniform } from '@elbo/random';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cases } from './kill_test/cases.mjs';
import { differences } from './kill_test/compare.mjs';
import { attempt, nextWords } from './kill_test/process.mjs';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
  },
});
const chosen = values.case ? cases.filter(({ name }) => name === values.case) : cases;
if (chosen.length === 0) {
  console.error(
    `There is no case '${values.case}'. Known: ${cases.map(({ name }) => name).join(', ')}.`,
  );
  process.exit(2);
}
const wanted = Number(values.kills);
/** Kills of one run, before it may end. */
const each = 5;

/** Runs a case to its end, killed at these moments first. Gives where each kill hit, and how long it took in all, in ms and operations on files. */
async function through({ phases }, dir, moments = []) {
  const began = performance.now();
  const hits = [];
  let operations = 0;
  for (const [phase, words] of phases.entries()) {
    for (let tries = 0; ; tries++) {
      if (tries > 50) throw new Error(`${dir} does not come to its end.`);
      const moment = moments[hits.length];
      // Of several phases, the last one sees the later kills.
      const here = phase === phases.length - 1 || hits.length < moments.length / 2;
      const ended = await attempt(nextWords(words, phase, dir), dir, here ? moment : undefined);
      operations += ended.operations;
      if (ended.hit !== undefined)
        hits.push(phase > 0 ? `${ended.hit}, in leg ${phase + 1}` : ended.hit);
      else if (ended.status === 0) break;
      else throw new Error(`${dir}: it ended with ${ended.status}.\n${ended.stderr}`);
    }
  }
  return { hits, operations, ms: performance.now() - began };
}

const folder = await mkdtemp(join(tmpdir(), 'elbo-kill-'));
const rows = [];
let kills = 0;
try {
  const references = new Map();
  for (let round = 0; kills < wanted; round++) {
    const which = chosen[round % chosen.length];
    if (!references.has(which.name)) {
      const dir = join(folder, which.name);
      const { ms, operations } = await through(which, dir);
      const { length } = which.phases;
      references.set(which.name, { dir, ms: ms / length, operations: operations / length });
    }
    const { dir: whole, ms, operations } = references.get(which.name);
    const noise = uniform(fold(key(Number(values.seed)), round), 3 * each);
    const moments = Array.from({ length: Math.min(each, wanted - kills) }, (_, i) => {
      const [kind, where, late] = noise.subarray(3 * i, 3 * i + 3);
      // Some at any time, which is mostly while it starts; some in a step or a validation; half while it makes, writes,
      // renames or removes a file, which is when a kill can do harm.
      if (kind < 0.25) return { after: where * ms };
      return kind < 0.5
        ? { step: 1 + Math.floor(where * which.steps), after: late * 20 }
        : { operation: 1 + Math.floor(where * operations) };
    });
    const dir = join(folder, `${which.name}-${round}`);
    const { hits } = await through(which, dir, moments);
    kills += hits.length;
    const wrong = await differences(dir, whole);
    rows.push({ run: which.name, kills: hits.length, hits, wrong });
    console.log(
      `${String(kills).padStart(3)} kills  ${which.name.padEnd(22)} ${wrong.length === 0 ? 'same bits' : `DIFFERS: ${wrong.join('; ')}`}  (${hits.join(', ')})`,
    );
    await rm(dir, { recursive: true, force: true });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

const counts = new Map();
for (const hit of rows.flatMap(({ hits }) => hits)) counts.set(hit, (counts.get(hit) ?? 0) + 1);
console.log(
  `\nWhere they hit: ${[...counts].map(([stage, count]) => `${stage} ${count}`).join(', ')}.`,
);
const wrong = rows.filter((row) => row.wrong.length > 0).length;
console.log(
  wrong === 0
    ? `${kills} kills in ${rows.length} runs: every one ended with the same bits.`
    : `${wrong} of ${rows.length} runs differ from one that nobody disturbed.`,
);
process.exitCode = wrong === 0 ? 0 : 1;
