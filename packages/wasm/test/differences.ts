/** A function of lists of numbers, in double precision. */
export type Formula = (...inputs: readonly (readonly number[])[]) => number[];

type Lists = readonly (readonly number[])[];

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, value, i) => total + value * b[i]!, 0);

const shifted = (inputs: Lists, direction: Lists, by: number): number[][] =>
  inputs.map((input, k) => input.map((value, i) => value + by * direction[k]![i]!));

/** The gradient of Σ weights · f(inputs) by central differences: error of order h². */
export function differenceGradient(
  f: Formula,
  inputs: Lists,
  weights: readonly number[],
  h = 1e-5,
): number[][] {
  const zeros = inputs.map((input) => input.map(() => 0));
  return inputs.map((input, k) =>
    input.map((_, i) => {
      const direction = zeros.map((zero, l) => (k === l ? zero.with(i, 1) : zero));
      const at = (by: number): number => dot(weights, f(...shifted(inputs, direction, by)));
      return (at(h) - at(-h)) / (2 * h);
    }),
  );
}

/** The Hessian of Σ weights · f(inputs) times a direction. */
export function differenceHessian(
  f: Formula,
  inputs: Lists,
  weights: readonly number[],
  direction: Lists,
): number[][] {
  const h = 1e-3;
  const ahead = differenceGradient(f, shifted(inputs, direction, h), weights, 1e-4);
  const behind = differenceGradient(f, shifted(inputs, direction, -h), weights, 1e-4);
  return ahead.map((row, k) => row.map((value, i) => (value - behind[k]![i]!) / (2 * h)));
}
