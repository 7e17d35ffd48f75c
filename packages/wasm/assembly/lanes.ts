// Four float32 lanes at once.

/** a · b + c in each lane: rounded once where the engine has relaxed SIMD, twice elsewhere. */
export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** The sum of the lanes. */
export function sumLanes(x: v128): f32 {
  const pairs = f32x4.add(x, v128.shuffle<i32>(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Four numbers that lie side by side, as a type that a loop is written for. */
export class Four {
  @inline count(): usize {
    return 4;
  }

  @inline load(from: usize): v128 {
    return v128.load(from);
  }

  @inline store(to: usize, x: v128): void {
    v128.store(to, x);
  }
}

/** One number, in each lane: so the last numbers of a row go through the code of the others. */
export class One {
  @inline count(): usize {
    return 1;
  }

  @inline load(from: usize): v128 {
    return v128.load32_splat(from);
  }

  @inline store(to: usize, x: v128): void {
    v128.store_lane<f32>(to, x, 0);
  }
}
