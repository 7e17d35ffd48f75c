const { fround, sqrt } = Math;

/** float32 bits of sqrt(1/2): less this, the exponent field counts powers of two from [√½, √2). */
const SQRT_HALF = 0x3f3504f3;
const MANTISSA = 0x7fffff;
const LOG_4 = fround(1.3862943611198906);

/**
 * −2 log m = s (−4 + L1 s² + L2 s⁴ + L3 s⁶), s = (m − 1) / (m + 1), for m in [√½, √2): the three
 * coefficients of least maximum relative error, 9e-10.
 */
const L1 = fround(-1.333335518836975);
const L2 = fround(-0.7995514273643494);
const L3 = fround(-0.5974195003509521);

/** sin a = a (1 + S1 a² + S2 a⁴ + S3 a⁶) on [−π/4, π/4]; Cephes, `sinf` (Moshier, 1992). */
const S1 = fround(-1.6666654611e-1);
const S2 = fround(8.3321608736e-3);
const S3 = fround(-1.9515295891e-4);

/** cos a = 1 − a²/2 + C2 a⁴ + C3 a⁶ + C4 a⁸ on [−π/4, π/4]; Cephes, `cosf`. */
const C2 = fround(4.166664568298827e-2);
const C3 = fround(-1.388731625493765e-3);
const C4 = fround(2.443315711809948e-5);

/** A quarter turn over 2^32. */
const ANGLE = fround(Math.PI / 2 ** 33);

/**
 * Turns pairs of random words into pairs of standard normals in place (Box and Muller, 1958);
 * `words` and `floats` are one memory, of even length.
 *
 * - Word 0 is the radius √(−2 log u), u = (word | 1) 2^-32 rounded to float32. The float's own
 *   fields give the logarithm's power of two; `floats` and `words` being one memory, no cast is needed.
 * - Word 1 is the angle: its low 30 bits, as a signed fraction, an angle a in [−π/4, π/4]; bit 30
 *   the sign of cos a; bit 31 which of the two comes first. That covers the circle without a branch.
 *
 * Each operation is rounded to float32 and none is fused, so float32 lanes give the same bits.
 * Where `fround` is missing the result is exact, or stored and so rounded.
 */
export function boxMuller(words: Int32Array, floats: Float32Array): void {
  const n = words.length;
  for (let i = 0; i < n; i += 2) {
    const turn = words[i + 1]!;

    floats[i] = (words[i]! | 1) >>> 0;
    const fields = (words[i]! - SQRT_HALF) | 0;
    const halvings = 32 - (fields >> 23);
    words[i] = (fields & MANTISSA) + SQRT_HALF;
    const m = floats[i]!;
    const s = fround((m - 1) / fround(m + 1));
    const s2 = fround(s * s);
    let log = fround(fround(L3 * s2) + L2);
    log = fround(fround(log * s2) + L1);
    log = fround(fround(log * s2) - 4);
    const r = fround(sqrt(fround(fround(log * s) + fround(halvings * LOG_4))));

    const a = fround(fround(turn << 2) * ANGLE);
    const a2 = fround(a * a);
    let sin = fround(fround(S3 * a2) + S2);
    sin = fround(fround(sin * a2) + S1);
    sin = fround(fround(fround(sin * a2) + 1) * a);
    let cos = fround(fround(C4 * a2) + C3);
    cos = fround(fround(cos * a2) + C2);
    cos = fround(fround(cos * a2) - 0.5);
    cos = fround(fround(cos * a2) + 1);

    const swap = turn >>> 31;
    const sign = 1 - ((turn >>> 29) & 2);
    floats[i + swap] = r * cos * sign;
    floats[i + 1 - swap] = r * sin;
  }
}
