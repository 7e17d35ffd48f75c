// The sets, and the games that are played on them.
import { cosine, standardNormal } from '@elbo/core';
import { grid, ring, type MixtureDataset } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { denseDiscriminator } from '@elbo/discriminators';
import { gan } from '@elbo/gan';
import { mlp } from '@elbo/networks';
import {
  gradientPenalty,
  hinge,
  leastSquares,
  nonSaturating,
  r1,
  wasserstein,
  type Game,
  type Penalty,
} from '@elbo/objectives';
import { adam, type Optimiser } from '@elbo/optimisers';
import type { Setting } from '../../runner/setting.js';

/** What is learned, and how large and how long. */
export interface SetOfModes {
  data(): MixtureDataset;
  /** Where the modes are. */
  readonly layout: string;
  /** The hidden layers of both networks. */
  readonly hidden: readonly number[];
  readonly steps: number;
}

/** What is played. */
export interface Rules {
  /** By which the command line knows it. */
  readonly id: string;
  readonly name: string;
  /** How many times the steps of the others; once by default. */
  readonly longer?: number;
  readonly game: Game;
  readonly penalties: readonly Penalty[];
  readonly dualSteps?: number;
}

export const sets: Readonly<Record<string, SetOfModes>> = {
  ring: {
    data: () => ring({ radius: 2, sd: 0.02 }),
    layout: 'on a circle of radius 2',
    hidden: [128, 128],
    steps: 3000,
  },
  grid: {
    data: () => grid({ spacing: 1, sd: 0.05 }),
    layout: '1 apart',
    hidden: [128, 128, 128],
    steps: 5000,
  },
};

const slopeAtData = r1({ weight: 0.02 });
const slopeBetween = gradientPenalty({ weight: 0.2 });

/** The Wasserstein critic gets two steps, as only a good one says what the distance is. */
export const games: readonly Rules[] = [
  { id: 'plain', name: 'non-saturating', game: nonSaturating(), penalties: [] },
  { id: 'r1', name: 'non-saturating, R1', game: nonSaturating(), penalties: [slopeAtData] },
  {
    id: 'penalty',
    name: 'non-saturating, gradient penalty',
    game: nonSaturating(),
    penalties: [slopeBetween],
  },
  {
    id: 'penalty-long',
    name: 'non-saturating, gradient penalty, 5 times the steps',
    game: nonSaturating(),
    penalties: [slopeBetween],
    longer: 5,
  },
  { id: 'hinge', name: 'hinge, R1', game: hinge(), penalties: [slopeAtData] },
  {
    id: 'least-squares',
    name: 'least squares, R1',
    game: leastSquares(),
    penalties: [slopeAtData],
  },
  {
    id: 'wasserstein',
    name: 'Wasserstein, gradient penalty',
    game: wasserstein(),
    penalties: [slopeBetween],
    dualSteps: 2,
  },
];

/** A model for a set and a game, and how it is trained. */
export function settingOf(
  { data, hidden, steps: usual }: SetOfModes,
  { game, penalties, dualSteps = 1, longer = 1 }: Rules,
): Setting {
  const steps = longer * usual;
  const falling = (total: number): Optimiser =>
    adam(cosine({ from: 2e-3, steps: total, floor: 0.02 }), { beta1: 0.5 });
  return {
    data: data(),
    model: gan({
      prior: standardNormal(2),
      decoder: gaussianDecoder({
        network: mlp({ hidden, activation: 'leakyRelu' }),
        shape: [2],
        sigma: 1,
      }),
      discriminator: denseDiscriminator({ hidden }),
      game,
      penalties,
    }),
    training: {
      steps,
      batchSize: 128,
      dualSteps,
      primal: falling(steps),
      dual: falling(steps * dualSteps),
      ema: 0.99,
    },
  };
}
