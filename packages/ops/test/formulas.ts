import type { Activation } from '../src/index.js';
import { rows, sumOf, type Reference } from './numbers.js';

const logistic = (x: number): number => 1 / (1 + Math.exp(-x));

/** Each activation in double precision. */
export const activationFormulas: Readonly<Record<Activation, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  leakyRelu: (x) => (x < 0 ? 0.2 * x : x),
  elu: (x) => (x < 0 ? Math.expm1(x) : x),
  selu: (x) => 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * Math.expm1(x) : x),
  gelu: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x * logistic(x),
  tanh: Math.tanh,
  sigmoid: logistic,
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

/** activation(x · kernel + bias) of x [B, I] and a kernel [I, O]. */
export function denseFormula(batch: number, activation: Activation): Reference {
  return (x, kernel, bias) => {
    const outputs = bias.length;
    return rows(x, batch).flatMap((row) =>
      bias.map((b, o) =>
        activationFormulas[activation](
          b + sumOf(row.map((value, i) => value * kernel[i * outputs + o]!)),
        ),
      ),
    );
  };
}

/** A value a row from the terms of its elements. */
function overRows(batch: number, term: (...elements: readonly number[]) => number): Reference {
  return (...inputs) => {
    const terms = inputs[0]!.map((_, i) => term(...inputs.map((input) => input[i]!)));
    return rows(terms, batch).map(sumOf);
  };
}

export const bceFormula = (batch: number): Reference =>
  overRows(batch, (l, t) => Math.max(l, 0) - l * t + Math.log1p(Math.exp(-Math.abs(l))));

export const normalLogProbFormula = (batch: number): Reference =>
  overRows(
    batch,
    (x, mean, logVar) =>
      -0.5 * (Math.log(2 * Math.PI) + logVar + (x - mean) ** 2 / Math.exp(logVar)),
  );

export const gaussianKlFormula = (batch: number): Reference =>
  overRows(batch, (mean, logVar) => 0.5 * (mean ** 2 + Math.exp(logVar) - 1 - logVar));

export const standardNormalFormula = (batch: number): Reference =>
  overRows(batch, (z) => -0.5 * (Math.log(2 * Math.PI) + z ** 2));

export const softBoundFormula =
  (a: number): Reference =>
  (x) =>
    x.map((value) =>
      Math.abs(value) <= a ? value : Math.sign(value) * (2 * a - a ** 2 / Math.abs(value)),
    );

export const reparameterizeFormula: Reference = (mean, logVar, noise) =>
  mean.map((m, i) => m + Math.exp(logVar[i]! / 2) * noise[i]!);

export function layerNormFormula(batch: number, epsilon: number): Reference {
  return (x, gain, bias) =>
    rows(x, batch).flatMap((row) => {
      const mean = sumOf(row) / row.length;
      const variance = sumOf(row.map((value) => (value - mean) ** 2)) / row.length;
      return row.map(
        (value, i) => (gain[i]! * (value - mean)) / Math.sqrt(variance + epsilon) + bias[i]!,
      );
    });
}

/** log Σ eˣ over the last axis. */
export function logSumExpFormula(batch: number): Reference {
  return (x) =>
    rows(x, batch).map((row) => {
      const max = Math.max(...row);
      return Number.isFinite(max)
        ? max + Math.log(sumOf(row.map((value) => Math.exp(value - max))))
        : max;
    });
}

export const squaredNormFormula: Reference = (x) => [sumOf(x.map((value) => value ** 2))];
