// Whether three ways to the exact posterior agree: quadrature, direct draws, Hamiltonian Monte Carlo.
import {
  estimateOf,
  posteriorDraws,
  type Estimate,
  type Points,
  type PosteriorDraws,
} from '@elbo/evaluation';
import type { Key } from '@elbo/random';
import { tensor2d } from '@tensorflow/tfjs-core';
import type { Trained } from '../../runner/trained.js';
import { dim, effectsAt, type Exact } from './posterior.js';

type Point = Float32Array | Float64Array;

/** A moment by all three; `apart` is how far chains and exact draws are, in standard errors. */
interface Moment {
  readonly name: string;
  readonly quadrature?: number;
  readonly direct: Estimate;
  readonly hmc: Estimate;
  readonly apart: number;
  /** By chains from τ > 0, and from τ < 0. */
  readonly ofModes: readonly Estimate[];
}

export interface Moments {
  readonly rows: readonly Moment[];
  readonly acceptance: number;
  readonly chains: number;
  readonly warmUp: number;
  readonly kept: number;
  readonly leapfrogs: number;
}

const functions: Readonly<Record<string, (z: Point) => number>> = {
  'E μ': (z) => z[0]!,
  'E μ²': (z) => z[0]! * z[0]!,
  'E |τ|': (z) => Math.abs(z[1]!),
  'E τ²': (z) => z[1]! * z[1]!,
  'P(τ > 0)': (z) => Number(z[1]! > 0),
  'E τη₁': (z) => z[1]! * z[2]!,
  'E η₈²': (z) => z[9]! ** 2,
};

/** What quadrature says of those that depend on μ and τ only. */
const byQuadrature = ({
  muMean,
  muSd,
  tauAbsolute,
  tauSd,
}: Exact): Readonly<Record<string, number>> => ({
  'E μ': muMean,
  'E μ²': muMean ** 2 + muSd ** 2,
  'E |τ|': tauAbsolute,
  'E τ²': tauSd ** 2,
  'P(τ > 0)': 0.5,
});

const chains = 128;
const warmUp = 200;
const kept = 400;
const leapfrogs = 10;

const pointAt = ({ values }: Points, row: number): Point =>
  values.subarray(row * dim, (row + 1) * dim);

interface Noise {
  readonly key: Key;
  readonly signal: AbortSignal;
}

/** Half of the chains start in the mode of τ > 0, half in the other. */
async function byChains(
  { model, params }: Trained,
  { muMean, tauMode }: Exact,
  { key, signal }: Noise,
): Promise<PosteriorDraws> {
  const modes = [tauMode, -tauMode].map((tau) => [muMean, tau, ...effectsAt(muMean, tau)]);
  const start = tensor2d(Array.from({ length: chains }, (_, c) => modes[c % 2]!));
  const x = tensor2d([[1]]);
  const options = { key, chains, warmUp, draws: kept, leapfrogs, start, signal };
  try {
    return await posteriorDraws(model, params.primal, { x }, options);
  } finally {
    start.dispose();
    x.dispose();
  }
}

/** The mean of f over the draws of each chain: chains are independent, so their spread is the error. */
const ofChains = (points: Points, f: (z: Point) => number): readonly number[] =>
  Array.from({ length: chains }, (_, c) => {
    let sum = 0;
    for (let t = 0; t < kept; t++) sum += f(pointAt(points, t * chains + c));
    return sum / kept;
  });

export async function momentsOf(
  trained: Trained,
  exact: Exact,
  points: Points,
  noise: Noise,
): Promise<Moments> {
  const known = byQuadrature(exact);
  const { points: walked, acceptance } = await byChains(trained, exact, noise);
  const rows = Object.entries(functions).map(([name, f]) => {
    const direct = estimateOf(
      Array.from({ length: points.values.length / dim }, (_, row) => f(pointAt(points, row))),
    );
    const each = ofChains(walked, f);
    const hmc = estimateOf(each);
    return {
      name,
      ...(known[name] !== undefined && { quadrature: known[name] }),
      direct,
      hmc,
      apart: (hmc.mean - direct.mean) / Math.hypot(hmc.error, direct.error),
      ofModes: [0, 1].map((mode) => estimateOf(each.filter((_, c) => c % 2 === mode))),
    };
  });
  return { rows, acceptance, chains, warmUp, kept, leapfrogs };
}
