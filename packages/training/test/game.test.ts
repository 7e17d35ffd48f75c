import '@elbo/gradients';
import { flatten } from '@elbo/core';
import { sgd, type Optimiser } from '@elbo/optimisers';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tensor1d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { averaged } from '../src/average.js';
import { disposeState, initialState, type TrainOptions } from '../src/index.js';
import { all, bitRows, smallModel, train } from './world.js';

beforeAll(() => setBackend('cpu'));

const model = smallModel({ hidden: 2 });
const data = bitRows(8);
const base = { steps: 4, batchSize: 4, seed: 1, primal: sgd(0.1), dual: sgd(0.1) };

describe('each player’s optimiser counts that player’s own steps', () => {
  /** The numbers of steps that an optimiser is told, one after the other. */
  const counting = (told: number[]): Optimiser => {
    const optimiser = sgd(0);
    return {
      ...optimiser,
      step: (gradients, state, params, step) => {
        told.push(step);
        return optimiser.step(gradients, state, params, step);
      },
    };
  };
  const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

  it.each([
    ['one after the other, by default', {}, 4, 4],
    ['three dual steps for each primal one', { dualSteps: 3 }, 4, 12],
    ['both at once', { simultaneous: true }, 4, 4],
    ['a warm-up of the dual one', { dualSteps: 2, warmUp: 3 }, 1, 8],
    ['a warm-up before both at once', { simultaneous: true, warmUp: 3 }, 1, 4],
  ] as [string, Partial<TrainOptions>, number, number][])('%s', async (_, how, primal, dual) => {
    const [ofPrimal, ofDual]: [number[], number[]] = [[], []];
    const players = { primal: counting(ofPrimal), dual: counting(ofDual) };
    const run = train(model, data, { ...base, ...how, ...players });
    await all(run);
    run.dispose();
    expect(ofPrimal).toEqual(upTo(primal));
    expect(ofDual).toEqual(upTo(dual));
  });

  test('moves are simultaneous only where that is asked for', async () => {
    const end = async (how: Partial<TrainOptions>): Promise<number[]> => {
      const run = train(model, data, { ...base, ...how });
      await all(run);
      const { params } = run.state;
      const found = flatten(params.primal).flatMap(({ tensor }) => [...tensor.dataSync()]);
      run.dispose();
      return found;
    };
    const plain = await end({});
    expect(plain).toEqual(await end({ simultaneous: false }));
    expect(plain).not.toEqual(await end({ simultaneous: true }));
  });
});

describe('the moving average', () => {
  test('keeps min(decay, (1 + t)/(10 + t)) of itself', () => {
    for (const [step, kept] of [
      [0, 0.1],
      [1, 2 / 11],
      [8, 0.5],
      [80, 0.9],
      [1e6, 0.9],
    ] as const) {
      const ema = { encoder: { a: tensor1d([1, 10]) }, decoder: {} };
      const params = { encoder: { a: tensor1d([0, 20]) }, decoder: {} };
      const next = flatten(averaged(ema, params, 0.9, step))[0]!.tensor.dataSync();
      expect(next[0]).toBeCloseTo(kept, 6);
      expect(next[1]).toBeCloseTo(20 - 10 * kept, 5);
    }
  });

  test('after the first step it is a tenth of the start and nine of what was reached', async () => {
    const start = initialState(model, base, { seed: base.seed, x: data.shape, ema: true });
    const run = train(model, data, { ...base, steps: 1, ema: 0.9 });
    await all(run);
    const numbers = (tree: Parameters<typeof flatten>[0]): number[] =>
      flatten(tree).flatMap(({ tensor }) => [...tensor.dataSync()]);
    const [from, to] = [numbers(start.params.primal), numbers(run.state.params.primal)];
    const found = numbers(run.state.ema!);
    expect(found.length).toBe(from.length);
    expect(from).not.toEqual(to);
    for (const [i, value] of found.entries())
      expect(value).toBeCloseTo(0.1 * from[i]! + 0.9 * to[i]!, 6);
    run.dispose();
    disposeState(start);
  });
});
