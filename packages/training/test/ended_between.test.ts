import '@tensorflow/tfjs-backend-cpu';
import '@elbo/gradients';
import type { Dataset } from '@elbo/datasets';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  disposeState,
  localGradients,
  type GradientSource,
  type Run,
  type State,
} from '../src/index.js';
import { all, bitRows, bitsOf, options, smallModel, train } from './world.js';

beforeAll(() => setBackend('cpu'));

const model = smallModel({ hidden: 4 });
const data = bitRows();
const endless = { ...options, steps: 20_000, every: 20_000 };

/** Ends a run once, when it waits. */
type End = (run: Run) => void;

const ends: readonly (readonly [string, End])[] = [
  [
    'disposed',
    (run) => {
      run.dispose();
    },
  ],
  [
    'taken',
    (run) => {
      disposeState(run.take());
    },
  ],
];

describe.each(ends)('a run that is %s between two reports ends its loop quietly', (_, end) => {
  const ended = async (run: Run, before: number): Promise<void> => {
    expect(await all(run)).toEqual([]);
    expect(run.ended).toBe('aborted');
    expect(memory().numTensors).toBe(before);
  };

  it('while it breathes', async () => {
    const before = memory().numTensors;
    const run = train(model, data, endless);
    // A timer fires when the loop lets it, and the loop ends by nothing else.
    setTimeout(() => {
      end(run);
    }, 100);
    await ended(run, before);
  });

  it('while it reads rows', async () => {
    const before = memory().numTensors;
    let reads = 0;
    const slow: Dataset = {
      ...data,
      read: async (rows, key) => {
        await new Promise((resolve) => setTimeout(resolve));
        if (++reads === 5) end(run);
        return data.read(rows, key);
      },
    };
    const run = train(model, slow, endless);
    await ended(run, before);
  });

  it('while it validates', async () => {
    const before = memory().numTensors;
    let held = 0;
    const heldOut: Dataset = {
      ...data,
      read: async (rows, key) => {
        await new Promise((resolve) => setTimeout(resolve));
        if (++held === 1) end(run);
        return data.read(rows, key);
      },
    };
    const run = train(model, data, { ...endless, validate: { data: heldOut, every: 2 } });
    await ended(run, before);
  });
});

it('a state that is taken while a minibatch is read stays whole', async () => {
  const before = memory().numTensors;
  let taken: State | undefined;
  let reads = 0;
  const slow: Dataset = {
    ...data,
    read: async (rows, key) => {
      await new Promise((resolve) => setTimeout(resolve));
      if (++reads === 3) taken = run.take();
      return data.read(rows, key);
    },
  };
  const run = train(model, slow, endless);
  expect(await all(run)).toEqual([]);
  expect(taken!.step).toBe(2);
  expect(Object.keys(bitsOf(taken!))).not.toEqual([]);
  disposeState(taken!);
  expect(memory().numTensors).toBe(before);
});

describe('while a step computes elsewhere', () => {
  /** Gradients that wait, as those of workers do. */
  const elsewhere = (during: () => void): GradientSource => {
    const local = localGradients(model, data);
    return {
      ...local,
      open: async (draw) => {
        const batch = await local.open(draw);
        return {
          ...batch,
          differentiate: async (...given: Parameters<typeof batch.differentiate>) => {
            await new Promise((resolve) => setTimeout(resolve));
            during();
            return batch.differentiate(...given);
          },
        };
      },
    };
  };

  it('the state is freed when the step is done', async () => {
    const before = memory().numTensors;
    let count = 0;
    const gradients = elsewhere(() => {
      if (++count === 4) run.dispose();
    });
    const run = train(model, data, { ...endless, gradients });
    expect(await all(run)).toEqual([]);
    expect(run.ended).toBe('aborted');
    expect(memory().numTensors).toBe(before);
  });

  it('it cannot be taken, and the run goes on as if nothing had been asked', async () => {
    const refused: unknown[] = [];
    const gradients = elsewhere(() => {
      try {
        run.take();
      } catch (error) {
        refused.push(error);
      }
    });
    const run = train(model, data, { ...options, gradients });
    const other = train(model, data, options);
    await all(run);
    await all(other);
    expect(String(refused[0])).toContain('a step is under way');
    const bits = (state: State): unknown => bitsOf(state);
    expect(bits(run.state)).toEqual(bits(other.state));
    run.dispose();
    other.dispose();
  });
});
