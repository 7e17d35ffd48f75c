/**
 * Elementary functions of four float32 lanes, right to two units in the last place; those that are made of others, to
 * three and a half. Methods, since the compiler puts these into the loops that use them, where calls would cost a third
 * of the time.
 */
export class Elementary {
  /** 2ⁿ for whole n in [−126, 127]. */
  @inline private static powerOfTwo(n: v128): v128 {
    return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
  }

  /**
   * e^r − 1 for |r| ≤ ½ log 2: its Taylor series to the seventh power, whose remainder is below 2⁻²⁷ of the value.
   */
  @inline private static expm1Near0(r: v128): v128 {
    // In pairs of terms, which do not wait for each other as those of Horner's rule do.
    const r2 = f32x4.mul(r, r);
    const low = f32x4.add(f32x4.mul(f32x4.splat(1.0 / 6.0), r), f32x4.splat(0.5));
    const middle = f32x4.add(f32x4.mul(f32x4.splat(1.0 / 120.0), r), f32x4.splat(1.0 / 24.0));
    const high = f32x4.add(f32x4.mul(f32x4.splat(1.0 / 5040.0), r), f32x4.splat(1.0 / 720.0));
    const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(high, r2), middle), r2), low);
    return f32x4.add(f32x4.mul(p, r2), r);
  }

  /** x in multiples of log 2, rounded. */
  @inline private static octaves(x: v128): v128 {
    return f32x4.nearest(f32x4.mul(x, f32x4.splat(1.4426950408889634)));
  }

  /** x − n log 2, with log 2 in two parts so that the first product is exact (Cody & Waite 1980). */
  @inline private static reduced(x: v128, n: v128): v128 {
    const coarse = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
    return f32x4.add(coarse, f32x4.mul(n, f32x4.splat(2.12194440054690583e-4)));
  }

  /** eˣ; 0 below the smallest positive float32, ∞ above the largest, NaN of NaN. */
  @inline static exp(x: v128): v128 {
    // The bounds are past both ends; lanes compare so that NaN stays.
    const low = f32x4.pmax(x, f32x4.splat(-104));
    const bounded = f32x4.pmin(low, f32x4.splat(89));
    const n = Elementary.octaves(bounded);
    const e = f32x4.add(Elementary.expm1Near0(Elementary.reduced(bounded, n)), f32x4.splat(1));
    // In two factors, since 2ⁿ alone may be out of range where the product is not.
    const whole = i32x4.trunc_sat_f32x4_s(n);
    const half = i32x4.shr_s(whole, 1);
    return f32x4.mul(
      f32x4.mul(e, Elementary.powerOfTwo(half)),
      Elementary.powerOfTwo(i32x4.sub(whole, half)),
    );
  }

  /** eˣ − 1, without cancellation near 0; −0 of −0. */
  @inline static expm1(x: v128): v128 {
    const low = f32x4.pmax(x, f32x4.splat(-40));
    const bounded = f32x4.pmin(low, f32x4.splat(89));
    const n = Elementary.octaves(bounded);
    const whole = i32x4.trunc_sat_f32x4_s(n);
    const half = i32x4.shr_s(whole, 1);
    const rest = i32x4.sub(whole, half);
    const first = Elementary.powerOfTwo(half);
    // 2ⁿ(e^r − 1) + (2ⁿ − 1) in two factors, as in exp4; 2ⁿ − 1 is exact for the n at which cancellation matters.
    const ones = f32x4.sub(first, Elementary.powerOfTwo(i32x4.neg(rest)));
    const scaled = f32x4.mul(Elementary.expm1Near0(Elementary.reduced(bounded, n)), first);
    const result = f32x4.mul(f32x4.add(scaled, ones), Elementary.powerOfTwo(rest));
    return v128.bitselect(x, result, f32x4.eq(x, f32x4.splat(0)));
  }

  /**
   * log x; −∞ of 0, NaN below. With x = 2ᵏ(1 + f), f between √½ − 1 and √2 − 1, and s = f / (2 + f): log (1 + f) is
   * 2 artanh s = f − (f²/2 − s(f²/2 + R)), where R = 2s²/3 + 2s⁴/5 + … ends before a term below 2⁻²⁸ of the value.
   */
  @inline static log(x: v128): v128 {
    const denormal = f32x4.lt(x, f32x4.splat(1.17549435e-38));
    const normal = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, denormal);
    // The bits of √½: less these, the exponent's field counts powers of two from there.
    const rootHalf = i32x4.splat(0x3f3504f3);
    const fields = i32x4.sub(normal, rootHalf);
    const octave = i32x4.sub(i32x4.shr_s(fields, 23), v128.and(denormal, i32x4.splat(23)));
    const k = f32x4.convert_i32x4_s(octave);
    const mantissa = i32x4.add(v128.and(fields, i32x4.splat(0x7fffff)), rootHalf);
    const f = f32x4.sub(mantissa, f32x4.splat(1));
    const s = f32x4.div(f, f32x4.add(f, f32x4.splat(2)));
    const s2 = f32x4.mul(s, s);
    let r = f32x4.splat(2.0 / 9.0);
    r = f32x4.add(f32x4.mul(r, s2), f32x4.splat(2.0 / 7.0));
    r = f32x4.add(f32x4.mul(r, s2), f32x4.splat(2.0 / 5.0));
    r = f32x4.add(f32x4.mul(r, s2), f32x4.splat(2.0 / 3.0));
    r = f32x4.mul(r, s2);
    const halfSquare = f32x4.mul(f32x4.splat(0.5), f32x4.mul(f, f));
    // log 2 in two parts, the first short enough that its product with k is exact.
    const low = f32x4.mul(k, f32x4.splat(-2.12194440054690583e-4));
    const correction = f32x4.add(f32x4.mul(s, f32x4.add(halfSquare, r)), low);
    const near1 = f32x4.sub(f, f32x4.sub(halfSquare, correction));
    const finite = f32x4.add(f32x4.mul(k, f32x4.splat(0.693359375)), near1);
    // ∞ and NaN stay.
    const positive = v128.bitselect(finite, x, f32x4.lt(x, f32x4.splat(Infinity)));
    const real = v128.bitselect(f32x4.splat(NaN), positive, f32x4.lt(x, f32x4.splat(0)));
    return v128.bitselect(f32x4.splat(-Infinity), real, f32x4.eq(x, f32x4.splat(0)));
  }

  /** log(1 + x): log u + (x − (u − 1)) / u, where u is 1 + x rounded (Higham 2002, problem 1.5); −0 of −0. */
  @inline static log1p(x: v128): v128 {
    const one = f32x4.splat(1);
    const u = f32x4.add(one, x);
    const correction = f32x4.div(f32x4.sub(x, f32x4.sub(u, one)), u);
    // At −1 and ∞ the correction is NaN, and the logarithm already right.
    const known = v128.and(correction, f32x4.eq(correction, correction));
    return v128.bitselect(x, f32x4.add(Elementary.log(u), known), f32x4.eq(x, f32x4.splat(0)));
  }

  /** log(1 + e) for e in [0, 1]: 2 artanh(e / (2 + e)), whose argument is at most ⅓, as an odd series. */
  @inline static log1pOfUnit(e: v128): v128 {
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
  @inline static softplus(x: v128): v128 {
    const positive = f32x4.pmax(x, f32x4.splat(0));
    return f32x4.add(positive, Elementary.log1pOfUnit(Elementary.exp(f32x4.neg(f32x4.abs(x)))));
  }

  /** 1 / (1 + e⁻ˣ). */
  @inline static sigmoid(x: v128): v128 {
    const one = f32x4.splat(1);
    const e = Elementary.exp(f32x4.neg(f32x4.abs(x)));
    const large = f32x4.div(one, f32x4.add(one, e));
    return v128.bitselect(f32x4.mul(e, large), large, f32x4.lt(x, f32x4.splat(0)));
  }

  /** The hyperbolic tangent: of |x|, (1 − e) / (1 + e) with e = e^−2|x|, and then the sign. */
  @inline static tanh(x: v128): v128 {
    const sign = v128.and(x, i32x4.splat(<i32>0x80000000));
    const e = Elementary.expm1(f32x4.mul(f32x4.abs(x), f32x4.splat(-2)));
    const magnitude = f32x4.neg(f32x4.div(e, f32x4.add(e, f32x4.splat(2))));
    return v128.or(v128.andnot(magnitude, i32x4.splat(<i32>0x80000000)), sign);
  }
}
