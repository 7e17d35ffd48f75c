// Loops over arrays, for functions given as types: a class whose method `at` takes lanes to lanes. No instance exists,
// for none is needed: the compiler puts the method's body into the loop. The last numbers, which do not fill the lanes,
// go through the same body, so that an element's bits do not depend on where it stands.
import { loadSome, storeSome } from '../lanes';

/** y = f(x), for `n` numbers; y may be x. */
export function each<F>(x: usize, y: usize, n: usize, parameter: f32): void {
  const f = changetype<F>(<usize>0);
  const p = f32x4.splat(parameter);
  const rest = n & 3;
  const end = (n - rest) << 2;
  for (let i: usize = 0; i < end; i += 16) v128.store(y + i, f.at(v128.load(x + i), p));
  if (rest != 0) storeSome(y + end, f.at(loadSome(x + end, rest), p), rest);
}

/** z = f(x, y), for `n` numbers; z may be x or y. */
export function eachPair<F>(x: usize, y: usize, z: usize, n: usize, parameter: f32): void {
  const f = changetype<F>(<usize>0);
  const p = f32x4.splat(parameter);
  const rest = n & 3;
  const end = (n - rest) << 2;
  for (let i: usize = 0; i < end; i += 16)
    v128.store(z + i, f.at(v128.load(x + i), v128.load(y + i), p));
  if (rest == 0) return;
  storeSome(z + end, f.at(loadSome(x + end, rest), loadSome(y + end, rest), p), rest);
}

/** w = f(x, y, z), for `n` numbers; w may be any of them. */
export function eachTriple<F>(
  x: usize,
  y: usize,
  z: usize,
  w: usize,
  n: usize,
  parameter: f32,
): void {
  const f = changetype<F>(<usize>0);
  const p = f32x4.splat(parameter);
  const rest = n & 3;
  const end = (n - rest) << 2;
  for (let i: usize = 0; i < end; i += 16)
    v128.store(w + i, f.at(v128.load(x + i), v128.load(y + i), v128.load(z + i), p));
  if (rest == 0) return;
  const a = loadSome(x + end, rest);
  const b = loadSome(y + end, rest);
  storeSome(w + end, f.at(a, b, loadSome(z + end, rest), p), rest);
}
