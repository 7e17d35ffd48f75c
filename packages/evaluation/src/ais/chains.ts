import { macrotask } from '@elbo/core';
import { randomNormal } from '@elbo/ops';
import { fold, uniform, type Key } from '@elbo/random';
import {
  add,
  concat,
  mul,
  reshape,
  square,
  sub,
  sum,
  tensor2d,
  tidy,
  zeros,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { leapfrog } from './hmc.js';
import type { Path } from './path.js';

/** Where N chains stand: plain values, which can be saved. */
export interface Chains {
  /** Temperatures passed. */
  readonly passed: number;
  /** `[N, Z]`, flat. */
  readonly z: readonly number[];
  /** log r(z), `[N]`. */
  readonly start: readonly number[];
  /** log p(x, z) − log r(z), `[N]`. */
  readonly ratio: readonly number[];
  /** Σ (β_t − β_{t−1}) ratio so far, backward minus that, `[N]`. */
  readonly logWeights: readonly number[];
  /** The sum of acceptance probabilities so far, `[N]`. */
  readonly acceptance: readonly number[];
}

/** A transition that leaves r^(1−β) p^β unchanged. */
export interface Transition {
  readonly beta: number;
  /** `[N]`. */
  readonly stepSizes: readonly number[];
  /** Leapfrog steps. */
  readonly leapfrogs: number;
  readonly key: Key;
}

/** Chains that stand at z, `[N, Z]`, which it takes. */
export async function chainsAt(path: Path, z: Tensor2D): Promise<Chains> {
  const table = tidy(() => tableOf(path, z, zeros([path.count])));
  z.dispose();
  const rows = await rowsOf(table);
  return {
    passed: 0,
    z: rows.flatMap(({ z: position }) => position),
    start: rows.map(({ start }) => start),
    ratio: rows.map(({ ratio }) => ratio),
    logWeights: rows.map(() => 0),
    acceptance: rows.map(() => 0),
  };
}

/** The chains with the weight of a step from one inverse temperature to another, which is lower when going backward. */
export function weighed(chains: Chains, step: number): Chains {
  return {
    ...chains,
    passed: chains.passed + 1,
    logWeights: chains.logWeights.map((w, i) => w + step * chains.ratio[i]!),
  };
}

/** The chains after a transition, and the probability with which each was to move, `[N]`. */
export async function moved(
  path: Path,
  chains: Chains,
  { beta, stepSizes, leapfrogs, key }: Transition,
): Promise<{ readonly chains: Chains; readonly probabilities: readonly number[] }> {
  const { count } = path;
  const dim = chains.z.length / count;
  const table = tidy(() => {
    const logDensity = (z: Tensor2D): Tensor1D => {
      const { start, ratio } = path.ends(z);
      return add(start, mul(ratio, beta));
    };
    const momentum: Tensor2D = randomNormal(fold(key, 'momentum'), [count, dim]);
    const end = leapfrog(
      logDensity,
      { z: tensor2d([...chains.z], [count, dim], 'float32'), momentum },
      tensor2d([...stepSizes], [count, 1], 'float32'),
      leapfrogs,
    );
    const kinetic = mul(sum(sub(square(end.momentum), square(momentum)), 1), 0.5);
    return tableOf(path, end.z, kinetic);
  });
  await macrotask();
  const ends = await rowsOf(table);
  const chances = uniform(fold(key, 'accept'), count);
  const logDensity = (start: number, ratio: number): number => start + beta * ratio;
  const probabilities = ends.map(({ start, ratio, extra }, i) => {
    const before = logDensity(chains.start[i]!, chains.ratio[i]!);
    const probability = Math.exp(Math.min(0, logDensity(start, ratio) - before - extra));
    // A trajectory that left the support, or diverged, has no density.
    return Number.isNaN(probability) ? 0 : probability;
  });
  const accepts = probabilities.map((probability, i) => chances[i]! < probability);
  return {
    probabilities,
    chains: {
      ...chains,
      z: ends.flatMap(({ z }, i) => (accepts[i] ? z : chains.z.slice(i * dim, (i + 1) * dim))),
      start: ends.map(({ start }, i) => (accepts[i] ? start : chains.start[i]!)),
      ratio: ends.map(({ ratio }, i) => (accepts[i] ? ratio : chains.ratio[i]!)),
      acceptance: chains.acceptance.map((total, i) => total + probabilities[i]!),
    },
  };
}

/** What the host needs of z, in one tensor, so that it is read at once: log r, the ratio, something more, and z. */
function tableOf(path: Path, z: Tensor2D, extra: Tensor): Tensor2D {
  const { start, ratio } = path.ends(z);
  const columns = [start, ratio, extra].map((column) => reshape(column, [path.count, 1]));
  return concat([...(columns as Tensor2D[]), z], 1);
}

async function rowsOf(table: Tensor2D): Promise<
  readonly {
    readonly start: number;
    readonly ratio: number;
    readonly extra: number;
    readonly z: readonly number[];
  }[]
> {
  const [count, width] = table.shape;
  const values = await table.data<'float32'>();
  table.dispose();
  return Array.from({ length: count }, (_, i) => {
    const [start, ratio, extra, ...z] = values.subarray(i * width, (i + 1) * width);
    return { start: start!, ratio: ratio!, extra: extra!, z };
  });
}
