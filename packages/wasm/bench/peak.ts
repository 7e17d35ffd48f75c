import { multiplyAdd } from '../assembly/lanes';

/** Runs `n` × 12 independent multiply-adds of four lanes each: the peak that products are measured against. */
export function peak(n: i32): f32 {
  const x = f32x4.splat(0.999);
  const y = f32x4.splat(1e-6);
  let s0 = f32x4.splat(<f32>n);
  let s1 = f32x4.splat(1);
  let s2 = f32x4.splat(2);
  let s3 = f32x4.splat(3);
  let s4 = f32x4.splat(4);
  let s5 = f32x4.splat(5);
  let s6 = f32x4.splat(6);
  let s7 = f32x4.splat(7);
  let s8 = f32x4.splat(8);
  let s9 = f32x4.splat(9);
  let s10 = f32x4.splat(10);
  let s11 = f32x4.splat(11);
  for (let k = 0; k < n; k++) {
    s0 = multiplyAdd(s0, x, y);
    s1 = multiplyAdd(s1, x, y);
    s2 = multiplyAdd(s2, x, y);
    s3 = multiplyAdd(s3, x, y);
    s4 = multiplyAdd(s4, x, y);
    s5 = multiplyAdd(s5, x, y);
    s6 = multiplyAdd(s6, x, y);
    s7 = multiplyAdd(s7, x, y);
    s8 = multiplyAdd(s8, x, y);
    s9 = multiplyAdd(s9, x, y);
    s10 = multiplyAdd(s10, x, y);
    s11 = multiplyAdd(s11, x, y);
  }
  const a = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  const b = f32x4.add(f32x4.add(s4, s5), f32x4.add(s6, s7));
  const c = f32x4.add(f32x4.add(s8, s9), f32x4.add(s10, s11));
  return f32x4.extract_lane(f32x4.add(f32x4.add(a, b), c), 0);
}
