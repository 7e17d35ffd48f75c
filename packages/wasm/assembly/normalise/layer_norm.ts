// Layer normalisation over the last axis, and its gradients: gain · s(x − μ) + bias with s = 1 / √(σ² + epsilon), where
// μ and σ² are a row's mean and biased variance. A row is passed over several times, for it stays in the first cache.
import { each, eachTriple } from '../elementwise/each';
import { loadSome, storeSome } from '../lanes';
import { sumOfRow } from '../likelihood/rows';
import { partsOf, run, sumInTree, waiting } from '../parts';

class Itself {
  @inline at(x: v128, _: v128, _1: v128, _2: v128): v128 {
    return x;
  }
}

class Square {
  @inline at(x: v128, _: v128, _1: v128, _2: v128): v128 {
    return f32x4.mul(x, x);
  }
}

class Product {
  @inline at(x: v128, y: v128, _: v128, _1: v128): v128 {
    return f32x4.mul(x, y);
  }
}

class TripleProduct {
  @inline at(x: v128, y: v128, z: v128, _: v128): v128 {
    return f32x4.mul(f32x4.mul(x, y), z);
  }
}

class Less {
  @inline at(x: v128, by: v128): v128 {
    return f32x4.sub(x, by);
  }
}

/** y = x less its mean. */
function centre(x: usize, y: usize, n: usize): void {
  each<Less>(x, y, n, <f32>(sumOfRow<Itself>(x, x, x, n, 0) / <f64>n));
}

/** The factor that gives a centred row a variance of 1. */
function scaleOf(centred: usize, n: usize, epsilon: f64): f32 {
  const variance = sumOfRow<Square>(centred, centred, centred, n, 0) / <f64>n;
  return <f32>(1 / sqrt(variance + epsilon));
}

class Stretch {
  @inline at(centred: v128, gain: v128, bias: v128, scale: v128): v128 {
    return f32x4.add(f32x4.mul(f32x4.mul(centred, scale), gain), bias);
  }
}

/** y = gain · s(x − μ) + bias, for `rows` rows of `n` numbers. */
export function layerNorm(
  x: usize,
  gain: usize,
  bias: usize,
  y: usize,
  rows: usize,
  n: usize,
  epsilon: f64,
): void {
  for (let row: usize = 0; row < rows; row++) {
    centre(x, y, n);
    eachTriple<Stretch>(y, gain, bias, y, n, scaleOf(y, n, epsilon));
    x += n << 2;
    y += n << 2;
  }
}

/** s(dy · gain − shift − c · along) in four lanes, for c the centred row. */
function tangent(d: v128, c: v128, shift: f32, along: f32, scale: f32): v128 {
  const rest = f32x4.sub(f32x4.sub(d, f32x4.splat(shift)), f32x4.mul(c, f32x4.splat(along)));
  return f32x4.mul(f32x4.splat(scale), rest);
}

/**
 * The gradient of x: with d = dy · gain and the standardised row x̂, s(d − mean d − x̂ · mean(d · x̂)). `dx` may not be
 * `dy`.
 */
export function layerNormOfX(
  dy: usize,
  x: usize,
  gain: usize,
  dx: usize,
  rows: usize,
  n: usize,
  epsilon: f64,
): void {
  const rest = n & 3;
  const end = (n - rest) << 2;
  for (let row: usize = 0; row < rows; row++) {
    centre(x, dx, n);
    const scale = scaleOf(dx, n, epsilon);
    const shift = <f32>(sumOfRow<Product>(dy, gain, gain, n, 0) / <f64>n);
    const slope = sumOfRow<TripleProduct>(dy, gain, dx, n, 0) / <f64>n;
    const along = <f32>(slope * <f64>scale * <f64>scale);
    for (let i: usize = 0; i < end; i += 16) {
      const d = f32x4.mul(v128.load(dy + i), v128.load(gain + i));
      v128.store(dx + i, tangent(d, v128.load(dx + i), shift, along, scale));
    }
    if (rest != 0) {
      const d = f32x4.mul(loadSome(dy + end, rest), loadSome(gain + end, rest));
      const last = tangent(d, loadSome(dx + end, rest), shift, along, scale);
      storeSome(dx + end, last, rest);
    }
    dy += n << 2;
    x += n << 2;
    dx += n << 2;
  }
}

class AddScaledProduct {
  @inline at(dy: v128, centred: v128, sum: v128, scale: v128): v128 {
    return f32x4.add(sum, f32x4.mul(dy, f32x4.mul(centred, scale)));
  }
}

/** The gradient of the gain in parts: of a run of rows each. */
@unmanaged
class GainParts {
  dy: usize;
  x: usize;
  rows: usize;
  n: usize;
  epsilon: f64;
  /** Room for a row. */
  centred: usize;

  write(part: usize, dgain: usize): void {
    const n = this.n;
    const row = n << 2;
    const first = part * run;
    const end = min(first + run, this.rows);
    const centred = this.centred;
    memory.fill(dgain, 0, row);
    for (let i = first; i < end; i++) {
      centre(this.x + i * row, centred, n);
      const scale = scaleOf(centred, n, this.epsilon);
      eachTriple<AddScaledProduct>(this.dy + i * row, centred, dgain, dgain, n, scale);
    }
  }
}

/** The bytes of scratch memory that `layerNormOfGain` needs. */
export function layerNormScratch(rows: usize, n: usize): usize {
  return offsetof<GainParts>() + (1 + waiting(partsOf(rows, run))) * (n << 2);
}

/** The gradient of the gain: Σ over rows of dy · x̂, [n]. `scratch` is room for `layerNormScratch`. */
export function layerNormOfGain(
  dy: usize,
  x: usize,
  dgain: usize,
  rows: usize,
  n: usize,
  epsilon: f64,
  scratch: usize,
): void {
  const parts = changetype<GainParts>(scratch);
  const centred = scratch + offsetof<GainParts>();
  parts.dy = dy;
  parts.x = x;
  parts.rows = rows;
  parts.n = n;
  parts.epsilon = epsilon;
  parts.centred = centred;
  const number = max<usize>(1, partsOf(rows, run));
  sumInTree<GainParts>(parts, 0, number, n, dgain, centred + (n << 2));
}
