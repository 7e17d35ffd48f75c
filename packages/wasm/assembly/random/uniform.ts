import { draw, writePairs } from './threefry';

/** The upper 24 bits of a word, as a multiple of 2⁻²⁴. */
class Uniforms {
  @inline unit(word: v128): v128 {
    return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(word, 8)), f32x4.splat(1.0 / 16777216.0));
  }
  @inline write(to: usize, first: v128, second: v128): void {
    writePairs(to, this.unit(first), this.unit(second));
  }
}

/** `n` draws of the uniform distribution on [0, 1), from the `first` on; `scratch` as of `draw`. */
export function randomUniform(
  k0: i32,
  k1: i32,
  to: usize,
  n: usize,
  scratch: usize,
  first: usize,
): void {
  draw<Uniforms>(k0, k1, to, n, scratch, first);
}
