// Every estimator of @elbo/evaluation where the answer is known.
//   npm run reproduce -- estimators [--blocks likelihood,sandwich,divergences,tests,codes,samples] [--json]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selectBackend } from '@elbo/backends';
import { fileStore } from '@elbo/files';
import { codes } from './estimators/codes.mjs';
import { divergences } from './estimators/divergences.mjs';
import { likelihoods } from './estimators/likelihood.mjs';
import { samples } from './estimators/samples.mjs';
import { sandwich } from './estimators/sandwich.mjs';
import { markdown } from './estimators/table.mjs';
import { twoSamples } from './estimators/two_samples.mjs';
import { clockFrom } from './four-pixels/clock.mjs';
import { remembered } from './four-pixels/remembered.mjs';

export const summary = 'likelihoods, divergences, tests, scores and distances where they are known';

const blocks = {
  likelihood: likelihoods,
  sandwich,
  divergences,
  tests: twoSamples,
  codes,
  samples,
};

/** What of a block's results was missed. */
const missedOf = (results) =>
  (Array.isArray(results.rows) ? results.rows : [results].flat()).filter(
    ({ holds, gated = true }) => gated && !holds,
  );

export async function run({ out, log, argv, signal }) {
  const { values } = parseArgs({ args: argv, options: { blocks: { type: 'string' } } });
  const names = values.blocks?.split(',') ?? Object.keys(blocks);
  const unknown = names.find((name) => !Object.hasOwn(blocks, name));
  if (unknown !== undefined)
    throw new Error(`No block '${unknown}': there are ${Object.keys(blocks).join(', ')}.`);
  await selectBackend({ backend: 'wasm' });
  const store = fileStore(join(out, 'blocks'));
  const [found, spent] = [{}, {}];
  for (const name of names) {
    const kept = await remembered(store, name, async () => {
      const clock = clockFrom();
      return { results: await blocks[name]({ log, signal }), spent: clock() };
    });
    found[name] = kept.results;
    spent[name] = kept.spent;
    for (const missed of missedOf(kept.results)) log(`${name}: MISSED ${JSON.stringify(missed)}`);
    log(
      `${name}: ${missedOf(kept.results).length} missed, ${kept.spent.coreSeconds.toFixed(0)} s of a core`,
    );
    if (missedOf(kept.results).length > 0) process.exitCode = 1;
  }
  return { markdown: markdown(found, spent), json: { ...found, spent } };
}
