import { expect, it } from 'vitest';
import { coreSecondsIn } from '../runner/costs.js';
import { readFlags, readLine } from '../runner/command_line.js';
import { partsOf } from '../runner/night.js';
import { studies } from '../studies/index.js';

it.each(Object.keys(studies))(
  'the parts of %s are all of its methods with all of its seeds',
  async (name) => {
    const study = await studies[name]!();
    const parts = partsOf(name, study);
    if (study.methods === undefined) {
      expect(parts).toEqual([]);
      return;
    }
    expect(study.flags).toHaveProperty(study.methods);
    expect(new Set(parts.map((part) => part.name)).size).toBe(parts.length);
    const asked = parts.map(({ args }) => {
      const line = readLine([name, ...args]);
      expect(line.part).toBe(true);
      return `${readFlags(line.rest, study.flags)[study.methods!]} ${line.seeds?.join(',') ?? ''}`;
    });
    const methods = study.flags[study.methods]!.split(',');
    const seeds: readonly (number | string)[] = study.seeds.length === 0 ? [''] : study.seeds;
    expect(asked).toEqual(seeds.flatMap((seed) => methods.map((method) => `${method} ${seed}`)));
  },
);

it('what compares methods has five seeds at least', async () => {
  const few = [];
  for (const [name, load] of Object.entries(studies)) {
    const { seeds, methods } = await load();
    if (methods !== undefined && seeds.length > 0 && seeds.length < 5) few.push(name);
  }
  // It shows that the command works, and says that it compares nothing.
  expect(few).toEqual(['mnist']);
});

it('the cost of a result is all the seconds of a core in it', () => {
  const result = {
    a: [{ coreSeconds: 1, seconds: 9 }, { time: { training: { coreSeconds: 2 } } }],
  };
  expect(coreSecondsIn(result)).toBe(3);
});
