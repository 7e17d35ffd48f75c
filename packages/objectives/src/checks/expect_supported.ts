import { DataError, sizeOf, type Shape, type Support } from '@elbo/core';
import type { Model } from '../model/model.js';
import { expectFinite, firstOutside } from './expect_finite.js';

/** Rows of data on the host, row after row. */
interface Values {
  readonly x: Float32Array;
  readonly label?: Int32Array;
}

/**
 * Fails unless a minibatch holds finite numbers that the model's likelihood is of, and labels of classes that its terms know.
 * Of other values a density means nothing, and nothing later would say so. What lies in an interval is finite, so that such
 * values are looked at once.
 *
 * @param where Names the data in errors.
 * @throws DataError that names the data, the likelihood, what was found, and what to do.
 */
export function expectSupported(
  model: Pick<Model, 'decoder' | 'terms' | 'prior'>,
  { x, label }: Values,
  shape: Shape,
  where: string,
): void {
  const { support, config } = model.decoder;
  const fault = support && faultOf(support, x, shape);
  if (fault || support?.kind !== 'interval') expectFinite(x, x.length / sizeOf(shape), where);
  if (fault)
    throw new DataError(
      `${where}: ${fault.found}, and the likelihood '${config.kind}' is of ${fault.wanted}.`,
    );
  if (!label) return;
  for (const { name, classes } of model.terms)
    if (classes) expectLabels(label, classes(model.prior), name, where);
}

function expectLabels(label: Int32Array, classes: number, term: string, where: string): void {
  const most = label.reduce((a, b) => Math.max(a, b), -1);
  const least = label.reduce((a, b) => Math.min(a, b), 0);
  if (most < classes && least >= -1) return;
  throw new DataError(
    `${where}: a row has the label ${most < classes ? least : most}, and the term '${term}' knows the classes 0 to ${classes - 1}; give it as many as all data have, and -1 to rows without a label.`,
  );
}

/** What is wrong with values, and what should be. */
interface Fault {
  readonly found: string;
  readonly wanted: string;
}

function faultOf(support: Support, x: Float32Array, shape: Shape): Fault | undefined {
  switch (support.kind) {
    case 'real':
      return undefined;
    case 'interval':
      return outside(support, x);
    case 'classes':
      return unlikeClasses(x, shape);
    case 'sequences':
      return unlikeClasses(x, shape) ?? goingOn(support.end, x, shape);
  }
}

/** Rounding of float32 at the ends of an interval. */
const slack = 1e-6;

function outside(
  { least, most }: Support & { kind: 'interval' },
  x: Float32Array,
): Fault | undefined {
  if (firstOutside(x, least - slack, most + slack) < 0) return undefined;
  const low = x.reduce((a, b) => Math.min(a, b));
  const high = x.reduce((a, b) => Math.max(a, b));
  return {
    found: `values reach from ${low} to ${high}`,
    wanted: `numbers from ${least} to ${most}: divide bytes by 255; for numbers of any size take a Gaussian decoder`,
  };
}

/** How far the sum of probabilities may be from 1. */
const rounding = 1e-3;

function unlikeClasses(x: Float32Array, shape: Shape): Fault | undefined {
  const classes = shape.at(-1)!;
  for (let from = 0; from < x.length; from += classes) {
    let sum = 0;
    let least = 0;
    for (let i = from; i < from + classes; i++) {
      sum += x[i]!;
      least = Math.min(least, x[i]!);
    }
    if (least >= 0 && Math.abs(sum - 1) <= rounding) continue;
    const shown = Array.from(x.subarray(from, from + Math.min(classes, 8))).join(', ');
    return {
      found: `a row has [${shown}${classes > 8 ? ', …' : ''}] along its last axis`,
      wanted: `one-hot vectors of ${classes} classes there: 1 at the class, and 0 elsewhere`,
    };
  }
  return undefined;
}

/** Sequences are read to their first end: what follows would count for nothing. */
function goingOn(
  end: number,
  x: Float32Array,
  [length = 0, symbols = 0]: Shape,
): Fault | undefined {
  for (let row = 0; row < x.length; row += length * symbols) {
    let over = false;
    for (let t = 0; t < length; t++) {
      const ends = x[row + t * symbols + end]! > 0.5;
      if (over && !ends)
        return {
          found: `a sequence goes on after the symbol ${end}`,
          wanted: `sequences that ${end} ends and fills up: encode them so, or set the decoder's 'end'`,
        };
      over ||= ends;
    }
  }
  return undefined;
}
