// Elementary functions of four float32 lanes, right to about two units in the last place.

/** 2ⁿ for whole n in [−126, 127]. */
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/**
 * e^r − 1 for |r| ≤ ½ log 2: its Taylor series to the seventh power, whose remainder is below 2⁻²⁷ of the value.
 */
function expm1Near0(r: v128): v128 {
  let p = f32x4.splat(1.0 / 5040.0);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 720.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 120.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 24.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.0 / 6.0));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(0.5));
  return f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r);
}

/** x in multiples of log 2, rounded. */
function octaves(x: v128): v128 {
  return f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
}

/** x − n log 2, with log 2 in two parts so that the first product is exact (Cody & Waite 1980). */
function reduced(x: v128, n: v128): v128 {
  const coarse = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  return f32x4.add(coarse, f32x4.mul(n, f32x4.splat(2.12194440054690583e-4)));
}

/** eˣ; 0 below the smallest positive float32, ∞ above the largest, NaN of NaN. */
export function exp4(x: v128): v128 {
  // The bounds are past both ends; lanes compare so that NaN stays.
  const low = f32x4.pmax(x, f32x4.splat(-104));
  const bounded = f32x4.pmin(low, f32x4.splat(89));
  const n = octaves(bounded);
  const e = f32x4.add(expm1Near0(reduced(bounded, n)), f32x4.splat(1));
  // In two factors, since 2ⁿ alone may be out of range where the product is not.
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(e, powerOfTwo(half)), powerOfTwo(i32x4.sub(whole, half)));
}

/** eˣ − 1, without cancellation near 0. */
export function expm14(x: v128): v128 {
  const low = f32x4.pmax(x, f32x4.splat(-40));
  const bounded = f32x4.pmin(low, f32x4.splat(89));
  const n = octaves(bounded);
  const whole = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(whole, 1);
  const first = powerOfTwo(half);
  const second = powerOfTwo(i32x4.sub(whole, half));
  // 2ⁿ(e^r − 1) + (2ⁿ − 1), where 2ⁿ − 1 is exact for the n at which cancellation matters.
  const scaled = f32x4.mul(f32x4.mul(expm1Near0(reduced(bounded, n)), first), second);
  return f32x4.add(scaled, f32x4.sub(f32x4.mul(first, second), f32x4.splat(1)));
}

/** log(1 + e) for e in [0, 1]: 2 artanh(e / (2 + e)), whose argument is at most ⅓, as an odd series. */
export function log1pOfUnit4(e: v128): v128 {
  const t = f32x4.div(e, f32x4.add(e, f32x4.splat(2)));
  const s = f32x4.mul(t, t);
  let p = f32x4.splat(2.0 / 15.0);
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(2.0 / 13.0));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(2.0 / 11.0));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(2.0 / 9.0));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(2.0 / 7.0));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(2.0 / 5.0));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(2.0 / 3.0));
  p = f32x4.add(f32x4.mul(p, s), f32x4.splat(2.0));
  return f32x4.mul(t, p);
}

/** log(1 + eˣ). */
export function softplus4(x: v128): v128 {
  const positive = f32x4.pmax(x, f32x4.splat(0));
  return f32x4.add(positive, log1pOfUnit4(exp4(f32x4.neg(f32x4.abs(x)))));
}

/** 1 / (1 + e⁻ˣ). */
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const small = f32x4.div(e, f32x4.add(one, e));
  return v128.bitselect(small, f32x4.div(one, f32x4.add(one, e)), f32x4.lt(x, f32x4.splat(0)));
}

/** The hyperbolic tangent: of |x|, (1 − e) / (1 + e) with e = e^−2|x|, and then the sign. */
export function tanh4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(<i32>0x80000000));
  const e = expm14(f32x4.mul(f32x4.abs(x), f32x4.splat(-2)));
  const magnitude = f32x4.neg(f32x4.div(e, f32x4.add(e, f32x4.splat(2))));
  return v128.or(v128.andnot(magnitude, i32x4.splat(<i32>0x80000000)), sign);
}
