import { createRegistry, scheduleKinds, type Json } from '@elbo/core';
import { adam, chain, clipByGlobalNorm, optimiserKinds } from '@elbo/optimisers';
import { cosine, cyclical, scheduleCategory, type Config } from '@elbo/core';
import { expect, it } from 'vitest';
import { furtherLeg, type Leg, type TrainingConfig } from '../src/index.js';

const registry = createRegistry(...scheduleKinds, ...optimiserKinds);
const falling = (steps: number) =>
  chain(clipByGlobalNorm(1), adam(cosine({ from: 0.1, steps, start: steps / 2, floor: 0.05 })));
const first: Leg = {
  from: 0,
  training: {
    ...{ steps: 100, batchSize: 4, seed: 1, dualSteps: 3, validateEvery: 10 },
    primal: falling(100).config,
    dual: falling(300).config,
  },
};

/** The learning rate of an optimiser's configuration. */
function rateOf(config: Config | undefined): (step: number) => number {
  const find = (json: Json): Json | undefined => {
    if (typeof json !== 'object' || json === null) return undefined;
    if ('learningRate' in json) return json.learningRate;
    return Object.values(json)
      .map(find)
      .find((found) => found !== undefined);
  };
  const schedule = registry.build(scheduleCategory, find(config as Json) as Config);
  return (step) => schedule.at(step);
}

it.each([100, 50, 300])(
  'schedules run over the %i new steps as they ran over the first',
  (more) => {
    const { from, training } = furtherLeg(first, { from: 100, steps: 100 + more });
    expect([from, training.steps, training.validateEvery]).toEqual([100, 100 + more, 10]);
    const before = rateOf(first.training.primal);
    for (const [player, each] of [
      ['primal', 1],
      ['dual', 3],
    ] as const) {
      const rate = rateOf(training[player]);
      for (const share of [0, 0.25, 0.5, 0.6, 0.8, 1])
        expect(rate((100 + share * more) * each)).toBeCloseTo(before(share * 100), 10);
    }
  },
);

it.each([33, 67, 101])('where a fall begins is the nearest step of %i', (more) => {
  // At 30 of 100 steps.
  const primal = adam(cosine({ from: 0.1, steps: 100, start: 30 })).config;
  const before: Leg = { from: 0, training: { steps: 100, batchSize: 4, seed: 1, primal } };
  const { training } = furtherLeg(before, { from: 100, steps: 100 + more });
  const start = /"start":(\d+)/.exec(JSON.stringify(training.primal))?.[1];
  expect(Math.abs(Number(start) - 0.3 * more)).toBeLessThan(0.5);
});

it('a third leg is to the second as that to the first, and an early end is where a leg begins', () => {
  const second = furtherLeg(first, { from: 40, steps: 90 });
  const third = furtherLeg(second, { from: 90, steps: 140 });
  for (const player of ['primal', 'dual'] as const) {
    const [before, after] = [rateOf(second.training[player]), rateOf(third.training[player])];
    const each = player === 'dual' ? 3 : 1;
    for (const step of [0, 10, 25, 40, 50])
      expect(after((90 + step) * each)).toBeCloseTo(before((40 + step) * each), 12);
  }
});

it('a schedule without an end goes on; a run that has made no step begins anew', () => {
  const wave = adam(cyclical({ period: 30, to: 0.1 })).config;
  const training: TrainingConfig = { ...first.training, primal: wave };
  expect(furtherLeg({ from: 0, training }, { from: 100, steps: 150 }).training.primal).toEqual(
    wave,
  );
  const anew = furtherLeg(first, { from: 0, steps: 200 }).training;
  expect(anew.primal).toEqual(falling(200).config);
});

it('takes other settings, with schedules as if they began at step 0; a seed and an average stay', () => {
  const other = furtherLeg(first, { from: 100, steps: 200 }, (training) => {
    expect(training.primal).toEqual(first.training.primal);
    return { ...training, batchSize: 8, primal: adam(cosine({ from: 0.01, steps: 100 })).config };
  });
  expect(other.training.batchSize).toBe(8);
  expect(rateOf(other.training.primal)(100)).toBe(0.01);
  const with_ = (more: Partial<TrainingConfig>) => () =>
    furtherLeg(first, { from: 100, steps: 200 }, (training) => ({ ...training, ...more }));
  expect(with_({ seed: 2 })).toThrow(/one `seed` from its first step \(1\)/);
  expect(with_({ ema: 0.9 })).toThrow(/one `ema` from its first step \(none\)/);
});
