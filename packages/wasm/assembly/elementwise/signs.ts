import { each } from './each';

class Sign {
  @inline at(x: v128, _: v128): v128 {
    const zero = f32x4.splat(0);
    const one = f32x4.splat(1);
    const above = v128.and(f32x4.gt(x, zero), one);
    const below = v128.and(f32x4.lt(x, zero), one);
    return f32x4.sub(above, below);
  }
}

/** y = 1 where x is above 0, −1 where it is below, and 0 where it is neither, as at NaN: so the library has it. */
export function sign(x: usize, y: usize, n: usize): void {
  each<Sign>(x, y, n, 0);
}
