/** The side of the square images that the pen draws. */
export const side = 28;

/** A point of a pen stroke, in pixels, and half the line's width there. */
export interface PenPoint {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Half the width of the edge over which ink fades, in pixels. */
const softness = 0.6;

/** Straight pieces for each span between two anchors: at 28 pixels more cannot be told apart. */
const pieces = 5;

/** An empty page: how far each pixel is outside the ink, negative inside. */
export function blankPage(): Float64Array {
  return new Float64Array(side * side).fill(side);
}

/**
 * Draws a smooth curve through points: a Catmull–Rom spline, so each span is a cubic Bézier curve whose tangents are
 * half the chords of the neighbours. A curve whose ends are one point is a loop, and smooth there too.
 */
export function drawCurve(page: Float64Array, points: readonly PenPoint[]): void {
  const last = points.length - 1;
  const closed = points[0] === points[last];
  for (let i = 0; i < last; i++) {
    const p1 = points[i]!;
    const p2 = points[i + 1]!;
    const p0 = points[i - 1] ?? (closed ? points[last - 1]! : p1);
    const p3 = points[i + 2] ?? (closed ? points[1]! : p2);
    let from = p1;
    for (let k = 1; k <= pieces; k++) {
      const t = k / pieces;
      const to = {
        x: catmullRom(p0.x, p1.x, p2.x, p3.x, t),
        y: catmullRom(p0.y, p1.y, p2.y, p3.y, t),
        radius: p1.radius + t * (p2.radius - p1.radius),
      };
      drawSegment(page, from, to);
      from = to;
    }
  }
}

function catmullRom(a: number, b: number, c: number, d: number, t: number): number {
  return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** Draws a straight line with round ends; visits only the pixels that it may touch. */
function drawSegment(page: Float64Array, from: PenPoint, to: PenPoint): void {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const lengthSquared = dx * dx + dy * dy;
  const inverse = lengthSquared > 0 ? 1 / lengthSquared : 0;
  const reach = Math.max(from.radius, to.radius) + softness;
  const left = Math.max(0, Math.ceil(Math.min(from.x, to.x) - reach));
  const right = Math.min(side - 1, Math.floor(Math.max(from.x, to.x) + reach));
  const top = Math.max(0, Math.ceil(Math.min(from.y, to.y) - reach));
  const bottom = Math.min(side - 1, Math.floor(Math.max(from.y, to.y) + reach));
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const px = x - from.x;
      const py = y - from.y;
      const t = Math.min(1, Math.max(0, (px * dx + py * dy) * inverse));
      const ox = px - t * dx;
      const oy = py - t * dy;
      const outside = Math.sqrt(ox * ox + oy * oy) - from.radius - t * (to.radius - from.radius);
      const at = y * side + x;
      if (outside < page[at]!) page[at] = outside;
    }
}

/** The ink of a page as bytes. */
export function develop(page: Float64Array, into: Uint8Array): void {
  for (let i = 0; i < page.length; i++) {
    const ink = 0.5 - page[i]! / (2 * softness);
    into[i] = Math.round(255 * Math.min(1, Math.max(0, ink)));
  }
}
