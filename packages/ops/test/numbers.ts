/** A function of lists of numbers, in double precision. */
export type Reference = (...inputs: readonly (readonly number[])[]) => number[];

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, i) => total + value * b[i]!, 0);

function shifted(
  inputs: readonly (readonly number[])[],
  direction: readonly (readonly number[])[],
  by: number,
): number[][] {
  return inputs.map((input, k) => input.map((value, i) => value + by * direction[k]![i]!));
}

/** The gradient of Σ weights · f(inputs) by central differences: error of order h² = 1e-10. */
export function differenceGradient(
  f: Reference,
  inputs: readonly (readonly number[])[],
  weights: readonly number[],
  h = 1e-5,
): number[][] {
  return inputs.map((input, k) =>
    input.map((_, i) => {
      const direction = inputs.map((other, l) => other.map((_, j) => (k === l && i === j ? 1 : 0)));
      const at = (by: number): number => dot(weights, f(...shifted(inputs, direction, by)));
      return (at(h) - at(-h)) / (2 * h);
    }),
  );
}

/** The gradient of (∇ Σ weights · f(inputs)) · direction: the Hessian times `direction`. Error of order 1e-7. */
export function differenceHessian(
  f: Reference,
  inputs: readonly (readonly number[])[],
  weights: readonly number[],
  direction: readonly (readonly number[])[],
): number[][] {
  const h = 1e-3;
  const ahead = differenceGradient(f, shifted(inputs, direction, h), weights, 1e-4);
  const behind = differenceGradient(f, shifted(inputs, direction, -h), weights, 1e-4);
  return ahead.map((row, k) => row.map((value, i) => (value - behind[k]![i]!) / (2 * h)));
}

/** Splits numbers into rows. */
export function rows(values: readonly number[], count: number): number[][] {
  const width = values.length / count;
  return Array.from({ length: count }, (_, i) => values.slice(i * width, (i + 1) * width));
}

export const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
