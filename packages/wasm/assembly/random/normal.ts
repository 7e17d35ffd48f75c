import { draw, writePairs } from './threefry';

/** The float32 bits of √½: less this, the exponent's field counts powers of two from there. */
const rootHalf: i32 = 0x3f3504f3;

/**
 * Pairs of words as pairs of standard normals (Box and Muller, 1958), by the operations and coefficients of @elbo/random
 * (box_muller.ts, which says why): each rounded to float32 by itself, so that the bits are the same. A fused
 * multiply-add, which rounds once where these round twice, would change them.
 */
class Normals {
  /** √(−2 log u) of u = (word | 1) 2⁻³². */
  @inline radius(word: v128): v128 {
    const u = f32x4.convert_i32x4_u(v128.or(word, i32x4.splat(1)));
    const fields = i32x4.sub(u, i32x4.splat(rootHalf));
    const halvings = i32x4.sub(i32x4.splat(32), i32x4.shr_s(fields, 23));
    const m = i32x4.add(v128.and(fields, i32x4.splat(0x7fffff)), i32x4.splat(rootHalf));
    const s = f32x4.div(f32x4.sub(m, f32x4.splat(1)), f32x4.add(m, f32x4.splat(1)));
    const s2 = f32x4.mul(s, s);
    let log = f32x4.add(
      f32x4.mul(f32x4.splat(-0.5974195003509521), s2),
      f32x4.splat(-0.7995514273643494),
    );
    log = f32x4.add(f32x4.mul(log, s2), f32x4.splat(-1.333335518836975));
    log = f32x4.sub(f32x4.mul(log, s2), f32x4.splat(4));
    const octaves = f32x4.mul(f32x4.convert_i32x4_s(halvings), f32x4.splat(1.3862943611198906));
    return f32x4.sqrt(f32x4.add(f32x4.mul(log, s), octaves));
  }

  @inline sine(a: v128, a2: v128): v128 {
    let sin = f32x4.add(f32x4.mul(f32x4.splat(-1.9515295891e-4), a2), f32x4.splat(8.3321608736e-3));
    sin = f32x4.add(f32x4.mul(sin, a2), f32x4.splat(-1.6666654611e-1));
    return f32x4.mul(f32x4.add(f32x4.mul(sin, a2), f32x4.splat(1)), a);
  }

  @inline cosine(a2: v128): v128 {
    let cos = f32x4.add(
      f32x4.mul(f32x4.splat(2.443315711809948e-5), a2),
      f32x4.splat(-1.388731625493765e-3),
    );
    cos = f32x4.add(f32x4.mul(cos, a2), f32x4.splat(4.166664568298827e-2));
    cos = f32x4.sub(f32x4.mul(cos, a2), f32x4.splat(0.5));
    return f32x4.add(f32x4.mul(cos, a2), f32x4.splat(1));
  }

  @inline write(to: usize, first: v128, second: v128): void {
    const r = this.radius(first);
    // The angle's low 30 bits are a signed fraction of π/4; bit 30 is the cosine's sign, bit 31 which comes first.
    const a = f32x4.mul(
      f32x4.convert_i32x4_s(i32x4.shl(second, 2)),
      f32x4.splat(<f32>(Math.PI / 8589934592)),
    );
    const a2 = f32x4.mul(a, a);
    const sign = v128.and(i32x4.shl(second, 1), i32x4.splat(<i32>0x80000000));
    const x = v128.xor(f32x4.mul(r, this.cosine(a2)), sign);
    const y = f32x4.mul(r, this.sine(a, a2));
    const swap = i32x4.shr_s(second, 31);
    writePairs(to, v128.bitselect(y, x, swap), v128.bitselect(x, y, swap));
  }
}

/** `n` draws of the standard normal distribution, from the `first` on; `scratch` as of `draw`. */
export function randomNormal(
  k0: i32,
  k1: i32,
  to: usize,
  n: usize,
  scratch: usize,
  first: usize,
): void {
  draw<Normals>(k0, k1, to, n, scratch, first);
}
