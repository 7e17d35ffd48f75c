import { DataError } from '@elbo/core';
import { expectEnough } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { countOf, expectPoints, pointAt, type Points } from '../points.js';

/** Points with classes, `[N]`: whole numbers from 0. */
export interface LabelledPoints {
  readonly points: Points;
  readonly labels: ArrayLike<number>;
}

/** How `linearProbe` is fitted. */
export interface LinearProbeOptions {
  /** The weight of ½‖W‖², against the mean of the losses of rows in nats; 1e-4 by default. */
  readonly decay?: number;
  /** Of accelerated gradient descent; 300 by default. */
  readonly steps?: number;
}

/**
 * The accuracy on test rows of a linear softmax classifier of standardised codes that was fitted to training rows: how
 * well a representation lays classes out (Alain & Bengio 2016). In doubles, without noise.
 *
 * @throws DataError when labels and points do not go together, or the training rows are of one class; ShapeError when the
 * sets differ in dimension.
 */
export function linearProbe(
  train: LabelledPoints,
  test: LabelledPoints,
  options: LinearProbeOptions = {},
): Estimate {
  expectLabelled('linearProbe', train, test);
  const classify = fitSoftmax(train, options);
  return estimateOf(
    Array.from({ length: countOf(test.points) }, (_, row) =>
      Number(classify(pointAt(test.points, row)) === test.labels[row]),
    ),
  );
}

/**
 * Fails unless all points have labels, and one dimension, and there are classes to tell.
 *
 * @throws DataError, or ShapeError, that names `where`.
 */
export function expectLabelled(where: string, train: LabelledPoints, test: LabelledPoints): void {
  expectPoints(where, 1, train.points, test.points);
  for (const { points, labels } of [train, test])
    if (
      labels.length !== countOf(points) ||
      !Array.from(labels).every((label) => Number.isInteger(label) && label >= 0)
    )
      throw new DataError(
        `${where}: ${countOf(points)} points need as many labels, whole numbers from 0.`,
      );
  expectEnough(where, new Set(Array.from(train.labels)).size, 2, 'class of training row');
}

/** A softmax regression by Nesterov's accelerated gradient descent on its convex loss. */
function fitSoftmax(
  { points, labels }: LabelledPoints,
  { decay = 1e-4, steps = 300 }: LinearProbeOptions,
): (point: ArrayLike<number>) => number {
  const count = countOf(points);
  const width = points.dim + 1;
  const classes = Array.from(labels).reduce((most, label) => Math.max(most, label + 1), 0);
  const standard = standardised(points);
  const inputs = Array.from({ length: count }, (_, row) => standard(pointAt(points, row)));
  // The loss's curvature is at most ½ of the largest eigenvalue of the inputs' second moments (Böhning 1992).
  const rate = 1 / (0.5 * largestEigenvalue(inputs) + decay);
  let weights = new Float64Array(classes * width);
  let ahead = weights;
  for (let step = 0; step < steps; step++) {
    const gradient = ahead.map((weight) => decay * weight);
    inputs.forEach((input, row) => {
      probabilities(ahead, input, classes).forEach((probability, c) => {
        const error = (probability - Number(labels[row] === c)) / count;
        for (let i = 0; i < width; i++) gradient[c * width + i]! += error * input[i]!;
      });
    });
    const next = ahead.map((weight, i) => weight - rate * gradient[i]!);
    const momentum = step / (step + 3);
    const before = weights;
    ahead = next.map((weight, i) => weight + momentum * (weight - before[i]!));
    weights = next;
  }
  return (point) => {
    const found = probabilities(weights, standard(point), classes);
    return found.indexOf(found.reduce((a, b) => Math.max(a, b)));
  };
}

/** softmax of W x, `[C]`. */
function probabilities(weights: Float64Array, input: Float64Array, classes: number): Float64Array {
  const width = input.length;
  const logits = new Float64Array(classes);
  for (let c = 0; c < classes; c++)
    for (let i = 0; i < width; i++) logits[c]! += weights[c * width + i]! * input[i]!;
  const largest = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/** Coordinates of the mean 0 and the standard deviation 1 over the points, and a 1 for the bias. */
function standardised(points: Points): (point: ArrayLike<number>) => Float64Array {
  const { dim } = points;
  const count = countOf(points);
  const mean = new Float64Array(dim);
  const square = new Float64Array(dim);
  points.values.forEach((value, i) => (mean[i % dim]! += value / count));
  points.values.forEach((value, i) => (square[i % dim]! += (value - mean[i % dim]!) ** 2 / count));
  const scales = square.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 0));
  return (point) => {
    const input = new Float64Array(dim + 1).fill(1);
    for (let d = 0; d < dim; d++) input[d] = (point[d]! - mean[d]!) * scales[d]!;
    return input;
  };
}

/** Of the mean of x xᵀ, by the power method, a tenth added for what it may be short. */
function largestEigenvalue(inputs: readonly Float64Array[]): number {
  let vector = Float64Array.from(inputs[0]!, (_, i) => 1 + i / inputs[0]!.length);
  let length = 0;
  for (let i = 0; i < 20; i++) {
    const image = new Float64Array(vector.length);
    for (const input of inputs) {
      const inner = input.reduce((sum, value, d) => sum + value * vector[d]!, 0);
      input.forEach((value, d) => (image[d]! += (inner * value) / inputs.length));
    }
    length = Math.hypot(...image);
    vector = image.map((value) => value / length);
  }
  return 1.1 * length;
}
