// Loops over arrays, for functions given as types: a class whose method `at` takes lanes to lanes. No instance exists,
// for none is needed: the compiler puts the method's body into the loop. The last numbers go one by one, by the same
// lanes, so that an element's bits do not depend on where it stands.

/** y = f(x), for `n` numbers; y may be x. */
export function each<F>(x: usize, y: usize, n: usize, parameter: f32): void {
  const f = changetype<F>(<usize>0);
  const p = f32x4.splat(parameter);
  const vectors = (n & ~3) << 2;
  const end = n << 2;
  let i: usize = 0;
  for (; i < vectors; i += 16) v128.store(y + i, f.at(v128.load(x + i), p));
  for (; i < end; i += 4) v128.store_lane<f32>(y + i, f.at(v128.load32_splat(x + i), p), 0);
}

/** z = f(x, y), for `n` numbers; z may be x or y. */
export function eachPair<F>(x: usize, y: usize, z: usize, n: usize, parameter: f32): void {
  const f = changetype<F>(<usize>0);
  const p = f32x4.splat(parameter);
  const vectors = (n & ~3) << 2;
  const end = n << 2;
  let i: usize = 0;
  for (; i < vectors; i += 16) v128.store(z + i, f.at(v128.load(x + i), v128.load(y + i), p));
  for (; i < end; i += 4) {
    const value = f.at(v128.load32_splat(x + i), v128.load32_splat(y + i), p);
    v128.store_lane<f32>(z + i, value, 0);
  }
}
