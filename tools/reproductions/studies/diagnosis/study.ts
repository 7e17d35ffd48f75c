// How often the diagnosis of an adversary's ELBO is right: small models of which the truth is known.
//   npm run reproduce -- diagnosis [--seeds 20,21] [--cases pixels-implicit,plane-normal] [--json]
import { UsageError } from '../../runner/command_line.js';
import type { Study } from '../../runner/study.js';
import { cases } from './cases.js';
import { judgedModel } from './judged.js';
import type { Judged, Result } from './result.js';
import { page } from './table.js';

const flags: { readonly cases: string } = { cases: Object.keys(cases).join(',') };

export const diagnosis: Study<Result, typeof flags> = {
  summary: 'the diagnosis of an ELBO against the truth, on fifty small models',
  // The diagnosis was mended on seeds 0, 10 and 11.
  seeds: [20, 21, 22, 23, 24],
  flags,
  methods: 'cases',

  async run({ seeds, values, ...context }) {
    const names = values.cases.split(',');
    const unknown = names.find((name) => !Object.hasOwn(cases, name));
    if (unknown !== undefined)
      throw new UsageError(`No case '${unknown}': there are ${Object.keys(cases).join(', ')}.`);
    const models: Judged[] = [];
    for (const seed of seeds)
      for (const name of names) {
        const model = await judgedModel(name, seed, context);
        models.push(model);
        context.log(
          `${name}, seed ${seed}: ${model.verdict}; off by ${model.truth.deviation.toFixed(4)}, said to be ${model.deviation.map((end) => end?.toFixed(4)).join(' to ')}`,
        );
      }
    return { result: { models }, holds: true };
  },

  page,
};
