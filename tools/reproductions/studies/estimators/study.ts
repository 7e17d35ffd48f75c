// Every estimator of @elbo/evaluation where the answer is known.
//   npm run reproduce -- estimators [--blocks likelihood,sandwich,divergences,tests,codes,samples] [--json]
import { join } from 'node:path';
import { fileStore } from '@elbo/files';
import { clockFrom, type Spent } from '../../runner/clock.js';
import { UsageError } from '../../runner/command_line.js';
import { remembered } from '../../runner/remembered.js';
import type { Context, Study } from '../../runner/study.js';
import { codes } from './codes.js';
import { divergences } from './divergences.js';
import { likelihoods } from './likelihood.js';
import { samples } from './samples.js';
import { sandwich } from './sandwich.js';
import { page, type Blocks, type Result } from './table.js';
import { twoSamples } from './two_samples.js';

type Name = keyof Blocks;

const blocks: { readonly [N in Name]: (context: Context) => Blocks[N] | Promise<Blocks[N]> } = {
  likelihood: likelihoods,
  sandwich,
  divergences,
  tests: twoSamples,
  codes,
  samples,
};

/** What of a block's results has to hold, and does not. */
function missedOf(results: Blocks[Name]): readonly object[] {
  const rows: readonly { readonly holds: boolean; readonly gated?: boolean }[] =
    'rows' in results && Array.isArray(results.rows)
      ? results.rows
      : Array.isArray(results)
        ? results
        : [results];
  return rows.filter(({ holds, gated = true }) => gated && !holds);
}

const isName = (name: string): name is Name => Object.hasOwn(blocks, name);

const flags: { readonly blocks: string } = { blocks: Object.keys(blocks).join(',') };

export const estimators: Study<Result, typeof flags> = {
  summary: 'likelihoods, divergences, tests, scores and distances where they are known',
  seeds: [],
  flags,
  methods: 'blocks',

  async run({ values, ...context }) {
    const store = fileStore(join(context.out, 'blocks'));
    const found: Partial<Record<Name, unknown>> = {};
    const spent: Partial<Record<Name, Spent>> = {};
    let holds = true;
    for (const name of values.blocks.split(',')) {
      if (!isName(name))
        throw new UsageError(`No block '${name}': there are ${Object.keys(blocks).join(', ')}.`);
      const kept = await remembered(store, name, async () => {
        const clock = clockFrom();
        return { results: await blocks[name](context), spent: clock() };
      });
      found[name] = kept.results;
      spent[name] = kept.spent;
      const missed = missedOf(kept.results);
      for (const each of missed) context.log(`${name}: MISSED ${JSON.stringify(each)}`);
      const seconds = kept.spent.coreSeconds.toFixed(0);
      context.log(`${name}: ${missed.length} missed, ${seconds} s of a core`);
      holds &&= missed.length === 0;
    }
    return { result: { ...(found as Partial<Blocks>), spent }, holds };
  },

  page,
};
