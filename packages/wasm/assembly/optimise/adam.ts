import { loadSome, storeSome } from '../lanes';

/** old · kept + fresh · rest. */
function blend(old: v128, kept: v128, fresh: v128, rest: v128): v128 {
  return f32x4.add(f32x4.mul(old, kept), f32x4.mul(fresh, rest));
}

/** p · kept − rate · m / (√v + epsilon). */
function descend(p: v128, m: v128, v: v128, kept: v128, rate: v128, epsilon: v128): v128 {
  const step = f32x4.div(m, f32x4.add(f32x4.sqrt(v), epsilon));
  return f32x4.sub(f32x4.mul(p, kept), f32x4.mul(rate, step));
}

/**
 * One step of Adam for `n` numbers, with the gradient g times the number at `scale`, or g itself where `scale` is 0:
 * m' = beta1·m + rest1·g, v' = beta2·v + rest2·g², p' = kept·p − rate·m' / (√v' + epsilon). m' and v' may be m and v.
 */
export function adam(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  newP: usize,
  newM: usize,
  newV: usize,
  n: usize,
  scale: usize,
  beta1: f32,
  rest1: f32,
  beta2: f32,
  rest2: f32,
  rate: f32,
  epsilon: f32,
  kept: f32,
): void {
  const factor = scale == 0 ? f32x4.splat(1) : v128.load32_splat(scale);
  const kept1 = f32x4.splat(beta1);
  const kept2 = f32x4.splat(beta2);
  const fresh1 = f32x4.splat(rest1);
  const fresh2 = f32x4.splat(rest2);
  const rest = n & 3;
  const end = (n - rest) << 2;
  for (let i: usize = 0; i < end; i += 16) {
    const gradient = f32x4.mul(v128.load(g + i), factor);
    const first = blend(v128.load(m + i), kept1, gradient, fresh1);
    const second = blend(v128.load(v + i), kept2, f32x4.mul(gradient, gradient), fresh2);
    const fresh = descend(
      v128.load(p + i),
      first,
      second,
      f32x4.splat(kept),
      f32x4.splat(rate),
      f32x4.splat(epsilon),
    );
    v128.store(newM + i, first);
    v128.store(newV + i, second);
    v128.store(newP + i, fresh);
  }
  if (rest == 0) return;
  const gradient = f32x4.mul(loadSome(g + end, rest), factor);
  const first = blend(loadSome(m + end, rest), kept1, gradient, fresh1);
  const square = f32x4.mul(gradient, gradient);
  const second = blend(loadSome(v + end, rest), kept2, square, fresh2);
  const fresh = descend(
    loadSome(p + end, rest),
    first,
    second,
    f32x4.splat(kept),
    f32x4.splat(rate),
    f32x4.splat(epsilon),
  );
  storeSome(newM + end, first, rest);
  storeSome(newV + end, second, rest);
  storeSome(newP + end, fresh, rest);
}
