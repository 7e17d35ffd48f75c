import { fold, normal, uniform, type Key } from '@elbo/random';
import { skeletons } from './skeletons.js';

/** What a row of `strokes` was drawn with. */
export interface StrokeFactors extends Readonly<Record<string, number>> {
  /** The digit, 0 to 9: the row's label. */
  readonly digit: number;
  /** Which of the digit's skeletons. */
  readonly variant: number;
  /** The shear: how far the top leans right, as a share of the height. */
  readonly slant: number;
  /** Half the height, in pixels. */
  readonly scale: number;
  /** The width, relative to the skeleton's. */
  readonly aspect: number;
  /** Degrees, clockwise. */
  readonly rotation: number;
  /** Pixels to the right. */
  readonly shiftX: number;
  /** Pixels down. */
  readonly shiftY: number;
  /** The mean width of the line, in pixels. */
  readonly thickness: number;
  /** The standard deviation of the anchors' displacements, as a share of half the height. */
  readonly wobble: number;
}

/** The factors of a row. */
export function drawFactors(source: Key): StrokeFactors {
  const u = uniform(fold(source, 'factors'), 6);
  // Cut off at two standard deviations, so that every digit stays on the page.
  const bell = normal(fold(source, 'pose'), 4).map((g) => Math.min(2, Math.max(-2, g)));
  const between = (i: number, low: number, high: number): number => low + (high - low) * u[i]!;
  const digit = Math.floor(between(0, 0, 10));
  return {
    digit,
    variant: Math.floor(between(1, 0, skeletons[digit]!.length)),
    slant: 0.15 + 0.17 * bell[0]!,
    scale: between(2, 8, 9.6),
    aspect: between(3, 0.85, 1.4),
    rotation: 4 * bell[1]!,
    shiftX: 0.8 * bell[2]!,
    shiftY: 0.8 * bell[3]!,
    thickness: between(4, 1.5, 3.7),
    wobble: between(5, 0.04, 0.13),
  };
}
