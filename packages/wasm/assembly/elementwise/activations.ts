// Activations and their gradients. Comparisons are written so that NaN stays NaN: `pmax(x, 0)` is x unless x < 0.
import { each, eachPair } from './each';
import { Elementary } from './mathematics';

/** The codes by which the functions below are asked for an activation; src/activations.ts has the same. */
export const enum Code {
  linear,
  relu,
  leakyRelu,
  elu,
  selu,
  gelu,
  silu,
  tanh,
  sigmoid,
  softplus,
  relu6,
}

// Klambauer et al. 2017, eq. 14.
const seluScale: f32 = 1.0507009873554805;
const seluAlpha: f32 = 1.6732632423543772;

/** x, or `below` where x is negative. */
function unlessNegative(x: v128, below: v128): v128 {
  return v128.bitselect(below, x, f32x4.lt(x, f32x4.splat(0)));
}

class Relu {
  @inline at(x: v128, _: v128): v128 {
    return f32x4.pmax(x, f32x4.splat(0));
  }
}

class Relu6 {
  @inline at(x: v128, _: v128): v128 {
    return f32x4.pmin(f32x4.pmax(x, f32x4.splat(0)), f32x4.splat(6));
  }
}

class LeakyRelu {
  @inline at(x: v128, slope: v128): v128 {
    return unlessNegative(x, f32x4.mul(slope, x));
  }
}

class Elu {
  @inline at(x: v128, _: v128): v128 {
    return unlessNegative(x, Elementary.expm1(x));
  }
}

class Selu {
  @inline at(x: v128, _: v128): v128 {
    const below = f32x4.mul(f32x4.splat(seluAlpha), Elementary.expm1(x));
    return f32x4.mul(f32x4.splat(seluScale), unlessNegative(x, below));
  }
}

class Gelu {
  @inline at(x: v128, _: v128): v128 {
    const cubic = f32x4.mul(f32x4.splat(0.044715), f32x4.mul(x, x));
    const scaled = f32x4.mul(f32x4.splat(1.5957691216057308), x);
    return f32x4.mul(x, Elementary.sigmoid(f32x4.mul(scaled, f32x4.add(f32x4.splat(1), cubic))));
  }
}

class Silu {
  @inline at(x: v128, _: v128): v128 {
    return f32x4.mul(x, Elementary.sigmoid(x));
  }
}

class Tanh {
  @inline at(x: v128, _: v128): v128 {
    return Elementary.tanh(x);
  }
}

class Sigmoid {
  @inline at(x: v128, _: v128): v128 {
    return Elementary.sigmoid(x);
  }
}

class Softplus {
  @inline at(x: v128, _: v128): v128 {
    return Elementary.softplus(x);
  }
}

/** y = the activation of x, for `n` numbers; y may be x. The parameter is leakyRelu's slope. */
export function activate(code: Code, x: usize, y: usize, n: usize, parameter: f32): void {
  switch (code) {
    case Code.relu:
      return each<Relu>(x, y, n, parameter);
    case Code.leakyRelu:
      return each<LeakyRelu>(x, y, n, parameter);
    case Code.elu:
      return each<Elu>(x, y, n, parameter);
    case Code.selu:
      return each<Selu>(x, y, n, parameter);
    case Code.gelu:
      return each<Gelu>(x, y, n, parameter);
    case Code.silu:
      return each<Silu>(x, y, n, parameter);
    case Code.tanh:
      return each<Tanh>(x, y, n, parameter);
    case Code.sigmoid:
      return each<Sigmoid>(x, y, n, parameter);
    case Code.softplus:
      return each<Softplus>(x, y, n, parameter);
    case Code.relu6:
      return each<Relu6>(x, y, n, parameter);
    default:
      if (x != y) memory.copy(y, x, n << 2);
  }
}

class UnlessNegative {
  @inline at(x: v128, below: v128, _: v128): v128 {
    return unlessNegative(x, below);
  }
}

/** y = x, or `below` where x is negative, for `n` numbers; y may be either. */
export function prelu(x: usize, below: usize, y: usize, n: usize): void {
  eachPair<UnlessNegative>(x, below, y, n, 0);
}

/** The gradient where the output is positive, else `slope` times it. */
class RectifierGradient {
  @inline at(dy: v128, y: v128, slope: v128): v128 {
    return v128.bitselect(dy, f32x4.mul(dy, slope), f32x4.gt(y, f32x4.splat(0)));
  }
}

/** e^x = y + 1 where the output is negative. */
class EluGradient {
  @inline at(dy: v128, y: v128, _: v128): v128 {
    return f32x4.mul(dy, f32x4.add(f32x4.splat(1), f32x4.pmin(y, f32x4.splat(0))));
  }
}

class SeluGradient {
  @inline at(dy: v128, y: v128, _: v128): v128 {
    const scale = f32x4.splat(seluScale);
    const below = f32x4.add(y, f32x4.splat(seluScale * seluAlpha));
    return f32x4.mul(dy, v128.bitselect(scale, below, f32x4.gt(y, f32x4.splat(0))));
  }
}

class TanhGradient {
  @inline at(dy: v128, y: v128, _: v128): v128 {
    return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
  }
}

class SigmoidGradient {
  @inline at(dy: v128, y: v128, _: v128): v128 {
    return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
  }
}

/** 1 − e^−y. */
class SoftplusGradient {
  @inline at(dy: v128, y: v128, _: v128): v128 {
    return f32x4.mul(dy, f32x4.neg(Elementary.expm1(f32x4.neg(y))));
  }
}

/**
 * dx = dy · the derivative that the *output* y implies, for `n` numbers; dx may be dy. gelu and silu have none: their
 * outputs do not determine it.
 */
export function activationGradient(
  code: Code,
  dy: usize,
  y: usize,
  dx: usize,
  n: usize,
  parameter: f32,
): void {
  switch (code) {
    case Code.relu:
      return eachPair<RectifierGradient>(dy, y, dx, n, 0);
    case Code.leakyRelu:
      return eachPair<RectifierGradient>(dy, y, dx, n, parameter);
    case Code.elu:
      return eachPair<EluGradient>(dy, y, dx, n, parameter);
    case Code.selu:
      return eachPair<SeluGradient>(dy, y, dx, n, parameter);
    case Code.tanh:
      return eachPair<TanhGradient>(dy, y, dx, n, parameter);
    case Code.sigmoid:
      return eachPair<SigmoidGradient>(dy, y, dx, n, parameter);
    case Code.softplus:
      return eachPair<SoftplusGradient>(dy, y, dx, n, parameter);
  }
}
