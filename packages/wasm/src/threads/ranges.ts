// How functions are shared that do the same for one row or number after the other: a part is a range of them.
import type { SideModule } from '../side_exports.js';
import type { Steps } from './job.js';

/** The numeric arguments of a function, in their order. */
export type Args = readonly number[];

/** How a call is cut into ranges. */
export interface Range {
  /** The place of the argument that counts, and of another that is to be the same. */
  readonly count: number;
  readonly also?: number;
  /** How many are done at once: a range has a multiple of them. 1 by default. */
  readonly unit?: number;
  /** What each one further adds to other arguments: bytes to addresses. */
  readonly over: Steps;
  /** Nanoseconds for each one on one thread, nearly, where its numbers are at hand. */
  readonly each: number;
  /** The place of the scratch memory, of which each thread has its own, and the bytes it needs. */
  readonly scratch?: readonly [argument: number, bytes: number];
}

const float = Float32Array.BYTES_PER_ELEMENT;

/** Numbers of a loop: whole vectors. */
const vector = 4;

/** Numbers of a cache line, of which two threads had better not write to the same. */
const line = 16;

/** What is done to each of `count` numbers at these addresses. */
function numbers(count: number, addresses: readonly number[], each: number): Range {
  const over = Object.fromEntries(addresses.map((argument) => [argument, float]));
  return { count, unit: line, over, each };
}

// Nanoseconds for a number on one thread, in the caches of an AMD EPYC: what is only moved or multiplied, and what takes an
// exponential or a logarithm. Codes are those of assembly/.
const moved = 0.3;
const computed = 1.5;

const isExponential = (activation: number): boolean => activation > 2 && activation !== 10;
const ofActivation = (activation: number): number => (isExponential(activation) ? computed : moved);
const softplus = 9;
/** The gradients that need a density's exponential again. */
const densityGradients = [3, 4, 5, 6];

/** Draws that are made at once (assembly/random/threefry.ts). */
const draws = 8;

const noise = (to: number, each: number): Range => ({
  count: 3,
  unit: 2 * draws,
  over: { [to]: float, 5: 1 },
  each,
  scratch: [4, draws * float],
});

function bernoulli([, , , period = 1, , n = 0]: Args): Range | undefined {
  if (period !== 1 && period !== n) return undefined;
  const range = { count: 5, unit: 2 * draws, each: 3, scratch: [6, draws * float] } as const;
  if (period === 1 && n > 1) return { ...range, over: { 4: float, 7: 1 } };
  return { ...range, also: 3, over: { 2: float, 4: float, 7: 1 } };
}

function sums([outer = 0, n = 0, inner = 0, , , , , overRow = 0]: Args, side: SideModule): Range {
  const scratch = [6, side.sumScratch(n, inner) >>> 0] as const;
  if (outer > 1)
    return {
      count: 0,
      over: { 3: n * overRow, 4: inner * float },
      each: n * inner * moved,
      scratch,
    };
  return { count: 2, unit: line, over: { 3: float, 4: float }, each: n * moved, scratch };
}

// Most ranges are the same for every call, and made once: small models make some hundred calls a step.
const unary = { moved: numbers(3, [1, 2], moved), computed: numbers(3, [1, 2], computed) };
const [ofGradient, ofSoftplus] = [moved, computed].map((each) => numbers(4, [1, 2, 3], each));
const extrema = [[5], [1, 5], [3, 5], [1, 3, 5]].map((addresses) => numbers(6, addresses, moved));
const [ofPrelu, clipped] = [numbers(3, [0, 1, 2], moved), numbers(2, [0, 1], moved)];
const sampled = numbers(4, [0, 1, 2, 3], computed);
const ofAdam = numbers(7, [0, 1, 2, 3, 4, 5, 6], 2 * moved);
const [normal, uniform] = [noise(2, 5), noise(2, 2.5)];

const rowOf = (columns: number): number => columns * float;

/**
 * For each function that is shared so, its range for these arguments; none where such a call cannot be. (`product` and the
 * convolutions have files of their own.)
 */
export const ranges: Readonly<
  Partial<Record<keyof SideModule, (args: Args, side: SideModule) => Range | undefined>>
> = {
  finish: ([, , columns = 0, bias = 0, overRow = 0, , activation = 0]) => ({
    count: 1,
    over: { 0: rowOf(columns), 3: bias === 0 ? 0 : overRow },
    each: columns * ofActivation(activation),
  }),
  activate: ([code = 0]) => (isExponential(code) ? unary.computed : unary.moved),
  activationGradient: ([code]) => (code === softplus ? ofSoftplus : ofGradient),
  prelu: () => ofPrelu,
  apply: ([code = 0]) => (code < 4 ? unary.computed : unary.moved),
  extremum: ([, , manyX, , manyY]) => extrema[(manyX ? 1 : 0) + (manyY ? 2 : 0)],
  clip: () => clipped,
  clipIntegers: () => clipped,
  sign: () => clipped,
  sum: sums,
  gatherRows: ([, bytes = 0, , overFrom = 0]) => ({
    count: 0,
    over: { 2: overFrom, 4: bytes },
    each: (bytes / float) * moved,
  }),
  pickRows: ([blocks, , bytes = 0]) =>
    blocks === 1
      ? { count: 1, over: { 5: float, 6: bytes }, each: (bytes / float) * moved }
      : undefined,
  density: ([code = 0, , , , , , columns = 0]) => ({
    count: 5,
    unit: vector,
    over: { 1: rowOf(columns), 2: rowOf(columns), 3: rowOf(columns), 4: float },
    each: columns * (code < 3 ? computed : moved),
  }),
  densityGradient: ([code = 0, , , , , , , columns = 0]) => ({
    count: 6,
    over: { 1: float, 2: rowOf(columns), 3: rowOf(columns), 4: rowOf(columns), 5: rowOf(columns) },
    each: columns * (densityGradients.includes(code) ? computed : moved),
  }),
  reparameterize: () => sampled,
  reparameterizeOfLogVar: () => sampled,
  reparameterizeOfNoise: () => sampled,
  layerNorm: ([, , , , , n = 0]) => ({
    count: 4,
    over: { 0: rowOf(n), 3: rowOf(n) },
    each: n * 2 * moved,
  }),
  layerNormOfX: ([, , , , , n = 0]) => ({
    count: 4,
    over: { 0: rowOf(n), 1: rowOf(n), 3: rowOf(n) },
    each: n * 2 * moved,
  }),
  logSumExp: ([, , , n = 0, inner = 0]) => ({
    count: 2,
    over: { 0: rowOf(n * inner), 1: rowOf(inner) },
    each: n * inner * computed,
  }),
  logSumExpGradient: ([, , , , n = 0, inner = 0]) => ({
    count: 3,
    over: { 0: rowOf(inner), 1: rowOf(n * inner), 2: rowOf(n * inner) },
    each: n * inner * computed,
  }),
  adam: () => ofAdam,
  randomNormal: () => normal,
  randomUniform: () => uniform,
  randomBernoulli: bernoulli,
};

/** The bytes that a call reads and writes. */
export function bytesOf({ count, over }: Range, args: Args): number {
  return args[count]! * Object.values(over).reduce((sum, step) => sum + step, 0);
}
