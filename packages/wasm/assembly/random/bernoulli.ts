import { each, eachPair } from '../elementwise/each';
import { draw, writePairs } from './threefry';

class Words {
  @inline write(to: usize, first: v128, second: v128): void {
    writePairs(to, first, second);
  }
}

/** 1 where the word is less than p · 2³², an exact product, else 0; NaN where p is. */
function below(word: v128, p: v128): v128 {
  const threshold = f32x4.mul(p, f32x4.splat(4294967296));
  // A whole number is less than a threshold where it is less than the next whole number. Both ends saturate.
  const whole = i32x4.trunc_sat_f32x4_u(f32x4.ceil(threshold));
  const certain = f32x4.ge(threshold, f32x4.splat(4294967296));
  const drawn = v128.and(v128.or(i32x4.lt_u(word, whole), certain), f32x4.splat(1));
  return v128.bitselect(drawn, p, f32x4.eq(p, p));
}

class BelowOne {
  @inline at(word: v128, p: v128): v128 {
    return below(word, p);
  }
}

class BelowEach {
  @inline at(word: v128, p: v128, _: v128): v128 {
    return below(word, p);
  }
}

/**
 * `n` draws of 0 or 1 from the `first` on, by `period` probabilities from `p` on that are used again and again; `scratch`
 * as of `draw`. The words are written where the draws go, and compared there.
 */
export function randomBernoulli(
  k0: i32,
  k1: i32,
  p: usize,
  period: usize,
  to: usize,
  n: usize,
  scratch: usize,
  first: usize,
): void {
  draw<Words>(k0, k1, to, n, scratch, first);
  if (period == 1) return each<BelowOne>(to, to, n, load<f32>(p));
  for (let i: usize = 0; i < n << 2; i += period << 2)
    eachPair<BelowEach>(to + i, p, to + i, period, 0);
}
