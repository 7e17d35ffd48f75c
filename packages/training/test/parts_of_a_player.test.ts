import '@elbo/gradients';
import { flatten, type Params } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import {
  compose,
  kl,
  learnedGaussianMixture,
  reconstruction,
  type Model,
  type Part,
  type Term,
} from '@elbo/objectives';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { memory, setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { localGradients, type MoveGradients, type Players } from '../src/index.js';
import { bitRows, smallModel } from './world.js';

beforeAll(() => setBackend('cpu'));

const data = bitRows(6);
const draw = { rows: Uint32Array.of(0, 3, 5), key: key(2) };
const network = mlp({ hidden: [3] });

/** The reconstruction once more, for some parts only. */
const again = (updates: readonly Part[]): Term<'posterior'> => ({
  ...reconstruction(),
  name: 'again',
  role: 'regulariser',
  updates,
});
const withTerms = (...terms: Term<'posterior'>[]): Model =>
  compose({
    prior: learnedGaussianMixture({ dim: 2, components: 2 }),
    encoder: gaussianEncoder({ network, latent: 2 }),
    decoder: bernoulliDecoder({ network, shape: [6] }),
    terms: [reconstruction(), kl({ estimator: 'sample' }), ...terms],
  });

async function found<T>(
  model: Model,
  players: Players,
  read: (found: MoveGradients) => T,
): Promise<T> {
  const params = model.init(key(1), data.shape);
  const batch = await localGradients(model, data).open(draw);
  const move = await batch.differentiate(params, { step: 0, key: key(3) }, players);
  batch.dispose();
  return read(move);
}

const numbers = (tree: Params): number[] =>
  flatten(tree).flatMap(({ tensor }) => [...tensor.dataSync()]);
const gradientsOf = (model: Model): Promise<Record<string, number[]>> =>
  found(model, { primal: true, dual: false }, ({ primal }) =>
    Object.fromEntries(
      Object.entries(primal!.gradients).map(([part, tree]) => [part, numbers(tree as Params)]),
    ),
  );
const times = (factor: number, values: readonly number[]): unknown[] =>
  values.map((value) => expect.closeTo(factor * value, 5) as unknown);

describe('a term for some parts of the primal player', () => {
  it.each<[readonly Part[]]>([[['decoder']], [['encoder']], [['encoder', 'decoder']], [['prior']]])(
    'for %o adds its gradient there, and leaves the others as they were',
    async (updates) => {
      const own = await gradientsOf(withTerms());
      const once = await gradientsOf(withTerms(again(updates)));
      const twice = await gradientsOf(withTerms({ ...again(updates), weight: () => 2 }));
      expect(Object.keys(own).sort()).toEqual(['decoder', 'encoder', 'prior']);
      for (const part of ['encoder', 'decoder', 'prior'] as const) {
        const more = (all: Record<string, number[]>): number[] =>
          all[part]!.map((value, i) => value - own[part]![i]!);
        // No reconstruction reaches the prior.
        const reached = updates.includes(part) && part !== 'prior';
        if (reached) expect(Math.max(...more(once).map(Math.abs))).toBeGreaterThan(1e-3);
        else expect(once[part]).toEqual(times(1, own[part]!));
        expect(more(twice)).toEqual(times(2, more(once)));
      }
      // Only reconstructions reach the decoder.
      if (updates.includes('decoder')) expect(once.decoder).toEqual(times(2, own.decoder!));
    },
  );
});

describe('a move gives', () => {
  const names = (players: Players): Promise<readonly [string[], string[]]> =>
    found(smallModel({ hidden: 2 }), players, ({ measured, ...moved }) => [
      Object.keys(moved),
      Object.keys(measured),
    ]);

  test('gradients of the players that move, and what the terms measure of them', async () => {
    expect(await names({ primal: true, dual: false })).toEqual([
      ['primal'],
      ['elbo', 'reconstruction', 'kl'],
    ]);
    expect(await names({ primal: false, dual: true })).toEqual([['dual'], ['kl/loss']]);
    const both = await names({ primal: true, dual: true });
    expect(both.map((each) => [...each].sort())).toEqual([
      ['dual', 'primal'],
      ['elbo', 'kl', 'kl/loss', 'reconstruction'],
    ]);
  });

  test('and holds nothing else', async () => {
    const model = smallModel({ hidden: 2 });
    const params = model.init(key(1), data.shape);
    const batch = await localGradients(model, data).open(draw);
    const before = memory().numTensors;
    const players = { primal: true, dual: true };
    const { primal, dual, measured } = await batch.differentiate(
      params,
      { step: 0, key: key(3) },
      players,
    );
    const held = flatten({ primal: primal!.gradients, dual: dual!.gradients, measured });
    expect(memory().numTensors - before).toBe(held.length);
    expect([primal!.unreached, dual!.unreached]).toEqual([[], []]);
    const left = memory().numTensors;
    batch.dispose();
    expect(memory().numTensors).toBe(left - 1);
  });
});
