import { normal, standardNormal } from '@elbo/core';
import type { Encoder, Transport } from '@elbo/objectives';
import { fold, normal as noiseOf, type Key } from '@elbo/random';
import {
  add,
  div,
  matMul,
  mul,
  sub,
  tensor1d,
  tensor2d,
  tile,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/** A posterior that is only sampled, though its density is known: z = A·x ± c + s·ε in each of two dimensions. */
export interface TwoBumps {
  /** A, by rows. */
  readonly map: readonly [readonly [number, number], readonly [number, number]];
  /** s. */
  readonly spread: readonly [number, number];
  /** c; 0 makes a normal. */
  readonly split: readonly [number, number];
}

const logNormal = (z: number, mean: number, sd: number): number =>
  -0.5 * Math.log(2 * Math.PI) - Math.log(sd) - 0.5 * ((z - mean) / sd) ** 2;

const logBumps = (z: number, mean: number, c: number, s: number): number => {
  const [a, b] = [logNormal(z, mean + c, s), logNormal(z, mean - c, s)];
  const most = Math.max(a, b);
  return most + Math.log(0.5 * Math.exp(a - most) + 0.5 * Math.exp(b - most));
};

export const centre = ({ map }: TwoBumps, x: ArrayLike<number>): number[] =>
  map.map(([a, b]) => a * x[0]! + b * x[1]!);

export const variances = ({ spread, split }: TwoBumps): number[] =>
  spread.map((s, d) => s * s + split[d]! ** 2);

/** log q(z|x) in doubles. */
export function logDensity(q: TwoBumps, x: ArrayLike<number>, z: ArrayLike<number>): number {
  return centre(q, x).reduce(
    (sum, mean, d) => sum + logBumps(z[d]!, mean, q.split[d]!, q.spread[d]!),
    0,
  );
}

/** log N(z; 0, I) in doubles. */
export function logPrior(z: ArrayLike<number>): number {
  return logNormal(z[0]!, 0, 1) + logNormal(z[1]!, 0, 1);
}

/** KL(q(z|x) ‖ N(0, I)): the entropy by quadrature, which the trapezium rule does to round-off; the rest in closed form. */
export function exactKl(q: TwoBumps, x: ArrayLike<number>): number {
  return centre(q, x).reduce((sum, mean, d) => {
    const [c, s] = [q.split[d]!, q.spread[d]!];
    let negative = 0;
    const h = s / 20;
    for (let z = -c - 10 * s; z <= c + 10 * s; z += h) {
      const log = logBumps(z, 0, c, s);
      negative += h * Math.exp(log) * log;
    }
    return sum + negative + 0.5 * Math.log(2 * Math.PI) + 0.5 * (mean * mean + s * s + c * c);
  }, 0);
}

/** The encoder of that posterior; the normal that it names has its own moments. */
export function twoBumps(q: TwoBumps): Encoder<'posterior' | 'moments'> {
  const noise = standardNormal(2);
  return {
    config: { kind: 'two-bumps' },
    offers: ['posterior', 'moments'],
    latent: 2,
    init: () => ({}),
    posterior: (_params, _mode, x) => {
      const mean: Tensor2D = matMul(
        x as Tensor2D,
        tensor2d(q.map.map((row) => [...row])),
        false,
        true,
      );
      const rows = mean.shape[0];
      const sidesOf = (drawKey: Key, samples: number): Float32Array =>
        noiseOf(fold(drawKey, 'side'), 2 * samples * rows).map(Math.sign);
      const centres = (sides: Float32Array, samples: number): Tensor2D =>
        add(
          tile(mean, [samples, 1]),
          mul(tensor2d(sides, [samples * rows, 2]), tensor1d([...q.split])),
        );
      const transport = (drawKey: Key, samples = 1): Transport => {
        // Drawn once, on the host: a map is inverted in many steps.
        const sides = sidesOf(drawKey, samples);
        return {
          base: noise.sample(fold(drawKey, 'noise'), samples * rows),
          place: (base) => add(centres(sides, samples), mul(base, tensor1d([...q.spread]))),
          towards: (z) => div(sub(z, centres(sides, samples)), tensor1d([...q.spread])),
        };
      };
      return {
        mean,
        logVar: tile(tensor2d([variances(q).map(Math.log)]), [rows, 1]),
        sample: (drawKey, samples = 1) => {
          const { base, place } = transport(drawKey, samples);
          return place(base);
        },
        transport,
        components: (drawKey, samples = 1) => {
          const logVar = tensor2d([q.spread.map((s) => 2 * Math.log(s))]);
          return normal(
            centres(sidesOf(drawKey, samples), samples),
            tile(logVar, [samples * rows, 1]),
          );
        },
      };
    },
  };
}
