// Maxima and minima of pairs, and what bounds cut off. `max` and `min` of lanes give NaN where either is NaN.

/** The codes by which `extremum` is asked for one; src/kernels/extrema.ts has the same. */
const enum Extremum {
  maximum,
  minimum,
  maximumOfIntegers,
  minimumOfIntegers,
}

class Maximum {
  @inline at(x: v128, y: v128): v128 {
    return f32x4.max(x, y);
  }
}

class Minimum {
  @inline at(x: v128, y: v128): v128 {
    return f32x4.min(x, y);
  }
}

class MaximumOfIntegers {
  @inline at(x: v128, y: v128): v128 {
    return i32x4.max_s(x, y);
  }
}

class MinimumOfIntegers {
  @inline at(x: v128, y: v128): v128 {
    return i32x4.min_s(x, y);
  }
}

/** z = f(x, y) for `n` numbers; an operand that is not `many` is one number for all. */
function combine<F>(x: usize, manyX: bool, y: usize, manyY: bool, z: usize, n: usize): void {
  const f = changetype<F>(<usize>0);
  const overX: usize = manyX ? 4 : 0;
  const overY: usize = manyY ? 4 : 0;
  const oneX = v128.load32_splat(x);
  const oneY = v128.load32_splat(y);
  const end = z + (n << 2);
  const vectors = z + ((n & ~3) << 2);
  for (; z < vectors; z += 16) {
    v128.store(z, f.at(manyX ? v128.load(x) : oneX, manyY ? v128.load(y) : oneY));
    x += overX << 2;
    y += overY << 2;
  }
  for (; z < end; z += 4) {
    v128.store_lane<f32>(z, f.at(v128.load32_splat(x), v128.load32_splat(y)), 0);
    x += overX;
    y += overY;
  }
}

/** The extremum of that code of `n` pairs; an operand that is not `many` is one number for all. */
export function extremum(
  code: u32,
  x: usize,
  manyX: bool,
  y: usize,
  manyY: bool,
  z: usize,
  n: usize,
): void {
  if (n == 0) return;
  switch (code) {
    case Extremum.maximum:
      return combine<Maximum>(x, manyX, y, manyY, z, n);
    case Extremum.minimum:
      return combine<Minimum>(x, manyX, y, manyY, z, n);
    case Extremum.maximumOfIntegers:
      return combine<MaximumOfIntegers>(x, manyX, y, manyY, z, n);
    case Extremum.minimumOfIntegers:
      return combine<MinimumOfIntegers>(x, manyX, y, manyY, z, n);
  }
}

/** y = x, cut off at the bounds, for `n` numbers. `pmax(x, low)` is x unless x < low, so NaN stays. */
export function clip(x: usize, y: usize, n: usize, low: f32, high: f32): void {
  const lows = f32x4.splat(low);
  const highs = f32x4.splat(high);
  const end = y + (n << 2);
  const vectors = y + ((n & ~3) << 2);
  for (; y < vectors; y += 16) {
    v128.store(y, f32x4.pmin(f32x4.pmax(v128.load(x), lows), highs));
    x += 16;
  }
  for (; y < end; y += 4) {
    store<f32>(y, min(max(load<f32>(x), low), high));
    x += 4;
  }
}

/** As `clip`, of int32 numbers. */
export function clipIntegers(x: usize, y: usize, n: usize, low: i32, high: i32): void {
  const end = y + (n << 2);
  for (; y < end; y += 4) {
    store<i32>(y, min(max(load<i32>(x), low), high));
    x += 4;
  }
}
