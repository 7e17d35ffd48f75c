// A sample of a normal distribution from one of the standard normal, and its gradients: the formulas of @elbo/ops.
import { eachTriple } from '../elementwise/each';
import { Elementary } from '../elementwise/mathematics';

/** e^(logVar / 2). */
class Deviation {
  @inline static of(logVar: v128): v128 {
    return Elementary.exp(f32x4.mul(logVar, f32x4.splat(0.5)));
  }
}

class Sample {
  @inline at(mean: v128, logVar: v128, noise: v128, _: v128): v128 {
    return f32x4.add(mean, f32x4.mul(Deviation.of(logVar), noise));
  }
}

/** y = mean + e^(logVar / 2) · noise, for `n` numbers. */
export function reparameterize(mean: usize, logVar: usize, noise: usize, y: usize, n: usize): void {
  eachTriple<Sample>(mean, logVar, noise, y, n, 0);
}

class OfLogVar {
  @inline at(dy: v128, logVar: v128, noise: v128, _: v128): v128 {
    const half = f32x4.mul(noise, f32x4.splat(0.5));
    return f32x4.mul(dy, f32x4.mul(half, Deviation.of(logVar)));
  }
}

/** The gradient of logVar, dy · ½ noise · e^(logVar / 2). */
export function reparameterizeOfLogVar(
  dy: usize,
  logVar: usize,
  noise: usize,
  dx: usize,
  n: usize,
): void {
  eachTriple<OfLogVar>(dy, logVar, noise, dx, n, 0);
}

class OfNoise {
  @inline at(dy: v128, logVar: v128, _: v128, _1: v128): v128 {
    return f32x4.mul(dy, Deviation.of(logVar));
  }
}

/** The gradient of the noise, dy · e^(logVar / 2). */
export function reparameterizeOfNoise(
  dy: usize,
  logVar: usize,
  noise: usize,
  dx: usize,
  n: usize,
): void {
  eachTriple<OfNoise>(dy, logVar, noise, dx, n, 0);
}
