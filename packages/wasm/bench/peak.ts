import { multiplyAdd } from '../assembly/lanes';

/**
 * Runs `n` × 24 multiply-adds of four lanes each, in 12 chains that do not wait for each other: the peak that products are
 * measured against. Both factors are arguments, since engines write a constant into its register anew at each use.
 */
export function peak(n: i32, factor: f32, summand: f32): f32 {
  const x = f32x4.splat(factor);
  const y = f32x4.splat(summand);
  let s0 = x;
  let s1 = f32x4.add(s0, y);
  let s2 = f32x4.add(s1, y);
  let s3 = f32x4.add(s2, y);
  let s4 = f32x4.add(s3, y);
  let s5 = f32x4.add(s4, y);
  let s6 = f32x4.add(s5, y);
  let s7 = f32x4.add(s6, y);
  let s8 = f32x4.add(s7, y);
  let s9 = f32x4.add(s8, y);
  let s10 = f32x4.add(s9, y);
  let s11 = f32x4.add(s10, y);
  for (let k = 0; k < n; k++) {
    s0 = multiplyAdd(multiplyAdd(s0, x, y), x, y);
    s1 = multiplyAdd(multiplyAdd(s1, x, y), x, y);
    s2 = multiplyAdd(multiplyAdd(s2, x, y), x, y);
    s3 = multiplyAdd(multiplyAdd(s3, x, y), x, y);
    s4 = multiplyAdd(multiplyAdd(s4, x, y), x, y);
    s5 = multiplyAdd(multiplyAdd(s5, x, y), x, y);
    s6 = multiplyAdd(multiplyAdd(s6, x, y), x, y);
    s7 = multiplyAdd(multiplyAdd(s7, x, y), x, y);
    s8 = multiplyAdd(multiplyAdd(s8, x, y), x, y);
    s9 = multiplyAdd(multiplyAdd(s9, x, y), x, y);
    s10 = multiplyAdd(multiplyAdd(s10, x, y), x, y);
    s11 = multiplyAdd(multiplyAdd(s11, x, y), x, y);
  }
  const a = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  const b = f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7));
  const c = f32x4.add(f32x4.add(s8, s9), f32x4.add(s10, s11));
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), c), 0);
}
