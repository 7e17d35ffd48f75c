import { each } from './each';
import { Elementary } from './mathematics';

/** The codes by which `apply` is asked for a function; src/kernels/elementwise.ts has the same. */
export const enum Function {
  exp,
  expm1,
  log,
  log1p,
  sqrt,
  rsqrt,
  reciprocal,
}

class Exp {
  @inline at(x: v128, _: v128): v128 {
    return Elementary.exp(x);
  }
}

class Expm1 {
  @inline at(x: v128, _: v128): v128 {
    return Elementary.expm1(x);
  }
}

class Log {
  @inline at(x: v128, _: v128): v128 {
    return Elementary.log(x);
  }
}

class Log1p {
  @inline at(x: v128, _: v128): v128 {
    return Elementary.log1p(x);
  }
}

class Sqrt {
  @inline at(x: v128, _: v128): v128 {
    return f32x4.sqrt(x);
  }
}

class Rsqrt {
  @inline at(x: v128, _: v128): v128 {
    return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  }
}

class Reciprocal {
  @inline at(x: v128, _: v128): v128 {
    return f32x4.div(f32x4.splat(1), x);
  }
}

/** y = the function of x, for `n` numbers; y may be x. */
export function apply(code: Function, x: usize, y: usize, n: usize): void {
  switch (code) {
    case Function.exp:
      return each<Exp>(x, y, n, 0);
    case Function.expm1:
      return each<Expm1>(x, y, n, 0);
    case Function.log:
      return each<Log>(x, y, n, 0);
    case Function.log1p:
      return each<Log1p>(x, y, n, 0);
    case Function.sqrt:
      return each<Sqrt>(x, y, n, 0);
    case Function.rsqrt:
      return each<Rsqrt>(x, y, n, 0);
    case Function.reciprocal:
      return each<Reciprocal>(x, y, n, 0);
  }
}
