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

/** The first `count` numbers at an address, 1 to 3 of them, and 0 in the other lanes. Nothing beyond them is read. */
export function loadSome(address: usize, count: usize): v128 {
  if (count == 1) return v128.load32_zero(address);
  const pair = v128.load64_zero(address);
  return count == 2 ? pair : v128.load32_lane(address, pair, 2, 8);
}

/** Writes the first `count` lanes, 1 to 3 of them. */
export function storeSome(address: usize, x: v128, count: usize): void {
  if (count == 1) return v128.store32_lane(address, x, 0);
  v128.store64_lane(address, x, 0);
  if (count == 3) v128.store32_lane(address, x, 2, 8);
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
