// What the outcomes of a suite mean, beside those of the stock backend and the failures that are allowed.
import { join } from 'node:path';
import { readJson, root } from '../lib/workspace.mjs';

/** Failures that are known and stand: for each suite, names of tests under the reason why they fail. */
const allowed = readJson(join(root, 'tools', 'conformance', 'allowed.json'));

const groups = [
  ['complex64', /complex|fft|stft|frame/i],
  ['string', /string|regex/i],
  ['ragged', /ragged/i],
];

/** What sort of failure it is, from its name and its first line. */
function groupOf({ name, message }) {
  const [line] = message.split('\n');
  return groups.find(([, sort]) => sort.test(`${name} ${line}`))?.[0] ?? 'other';
}

const failures = (outcomes) => outcomes.filter(({ status }) => status === 'failed');

export function count(outcomes) {
  const of = (wanted) => outcomes.filter(({ status }) => status === wanted).length;
  return { passed: of('passed'), failed: of('failed'), skipped: of('pending') };
}

/** What is allowed is named as on wasm, which has the most kernels of ours; another backend's tests differ by its name. */
const asOn = (backend, name) => name.replace(' wasm {} ', ` ${backend} {} `);

/**
 * A suite beside the stock one: `broken`, which pass in stock; `unexpected`, which fail in both and are not allowed;
 * `known`, which are allowed; and `repaired`, which are allowed and pass, so that the list must lose them.
 */
export function compare(suite, outcomes, stock, backend = 'wasm') {
  const reasons = new Map(
    Object.entries({ ...(suite === 'programs' && allowed.gradients), ...allowed[suite] }).flatMap(
      ([reason, names]) => names.map((name) => [asOn(backend, name), reason]),
    ),
  );
  const passedInStock = new Set(
    stock.filter(({ status }) => status === 'passed').map(({ name }) => name),
  );
  const failed = failures(outcomes);
  const names = new Set(failed.map(({ name }) => name));
  const strange = failed
    .filter(({ name }) => !reasons.has(name))
    .map((outcome) => ({ ...outcome, group: groupOf(outcome) }));
  return {
    ...count(outcomes),
    broken: strange.filter(({ name }) => passedInStock.has(name)),
    unexpected: strange.filter(({ name }) => !passedInStock.has(name)),
    known: failed
      .filter(({ name }) => reasons.has(name))
      .map((outcome) => ({ ...outcome, group: reasons.get(outcome.name) })),
    repaired: [...reasons.keys()].filter((name) => !names.has(name)),
  };
}

/** The failures of the stock backend, which needs no list. */
export function stockFailures(outcomes) {
  return failures(outcomes).map((outcome) => ({ ...outcome, group: groupOf(outcome) }));
}
