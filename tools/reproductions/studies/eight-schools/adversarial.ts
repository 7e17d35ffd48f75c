// What is measured of AVB's posterior.
import { estimateOf } from '@elbo/evaluation';
import { fold, key, type Key } from '@elbo/random';
import { checkpointNames, decodeCheckpoint, disposeState, stateFrom } from '@elbo/training';
import { ones } from '@tensorflow/tfjs-core';
import { blankState, type Trained } from '../../runner/trained.js';
import { byNeighbours, drawn, draws, sharePositive } from './divergence.js';
import { settings } from './models.js';
import { pairsOf, type Pair, type Point } from './picture.js';
import type { Exact } from './posterior.js';
import type { Adversarial } from './result.js';

/** Draws for KL at each checkpoint. */
const onTheWay = 5000;

/** KL at each checkpoint that training left. */
async function curveOf(
  { model, store }: Trained,
  seed: number,
  { logEvidence }: Exact,
  signal: AbortSignal,
): Promise<readonly Point[]> {
  const like = blankState(settings.avb(), seed);
  const curve: Point[] = [];
  try {
    for (const name of checkpointNames(await store.list())) {
      signal.throwIfAborted();
      const checkpoint = decodeCheckpoint(await store.read(name), name);
      const state = stateFrom(checkpoint, like, name);
      const { points } = await draws({ model, params: state.params }, key(seed), onTheWay);
      disposeState(state);
      curve.push({ step: checkpoint.step, kl: byNeighbours(points, logEvidence).mean });
    }
  } finally {
    disposeState(like);
  }
  return curve;
}

/** The ELBO as the discriminator of the last step has it, with its own noise. */
async function ownElbo({ model, params }: Trained, noise: Key): Promise<number> {
  const x = ones([drawn, 1]);
  const elbo = model.elbo(params, { x }, noise);
  const { mean } = estimateOf(await elbo.data());
  elbo.dispose();
  x.dispose();
  return mean;
}

/** A trained posterior, its way there, and draws to be shown. */
export async function adversarial(
  trained: Trained,
  exact: Exact,
  seed: number,
  signal: AbortSignal,
): Promise<{ readonly found: Adversarial; readonly pairs: readonly Pair[] }> {
  const noise = fold(key(seed), 'measure');
  const { points } = await draws(trained, noise, drawn);
  const { steps, seconds, coreSeconds } = trained;
  return {
    found: {
      seed,
      kl: byNeighbours(points, exact.logEvidence),
      positive: sharePositive(points),
      claimed: exact.logEvidence - (await ownElbo(trained, noise)),
      curve: await curveOf(trained, seed, exact, signal),
      steps,
      seconds,
      coreSeconds,
    },
    pairs: pairsOf(points),
  };
}
