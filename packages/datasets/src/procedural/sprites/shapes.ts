/** Whether a point lies in a shape, whose area is 1 and whose centre of mass is the origin; y goes down. */
export type Outline = (x: number, y: number) => boolean;

const square: Outline = (x, y) => Math.abs(x) <= 0.5 && Math.abs(y) <= 0.5;

/** Twice as long as it is high: with half-axes a and a/2 the area is π a²/2. */
const ellipse: Outline = (x, y) => x * x + 4 * y * y <= 2 / Math.PI;

/** Half the side of the heart's square: with half a disc on two of its sides its area is (4 + π) h². */
const half = Math.sqrt(1 / (4 + Math.PI));
/** How far the centre of mass is from the square's, along both its sides: the half discs' are 4h/3π beyond the sides. */
const offset = (half * (Math.PI / 2 + 2 / 3)) / (4 + Math.PI);

/** Whether a point of the heart's square's frame is in the disc on the side that the first coordinate points at. */
const inDisc = (along: number, across: number): boolean =>
  (along - half) * (along - half) + across * across <= half * half;

/** A square on its corner with half a disc on each of the upper sides. */
const heart: Outline = (x, y) => {
  const right = (x - y) * Math.SQRT1_2 + offset;
  const left = (-x - y) * Math.SQRT1_2 + offset;
  return (
    (Math.abs(right) <= half && Math.abs(left) <= half) ||
    inDisc(right, left) ||
    inDisc(left, right)
  );
};

/** The shapes, by the factor's value. */
export const outlines: readonly Outline[] = [square, ellipse, heart];

/** No point of any shape is further from the origin: the ellipse's end. */
export const reach: number = Math.sqrt(2 / Math.PI);
