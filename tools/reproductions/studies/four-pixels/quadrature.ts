// Integrals over the plane with weight N(0, I), in doubles.

/** The square [−6, 6]² holds all but 4e-9 of N(0, I). */
const reach = 6;

/** The midpoints of side² equal squares, [side², 2] flattened. */
export function midpoints(side: number): Float32Array {
  const points = new Float32Array(2 * side * side);
  for (let i = 0; i < side * side; i++) {
    points[2 * i] = coordinate(i % side, side);
    points[2 * i + 1] = coordinate(Math.floor(i / side), side);
  }
  return points;
}

const coordinate = (i: number, side: number): number => -reach + (2 * reach * (i + 0.5)) / side;

/** log ∫ exp(f(z)) N(z; 0, I) dz by the midpoint rule, of the values f at `midpoints(side)`. */
export function logIntegral(values: Float64Array, side: number): number {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const [x, y] = [coordinate(i % side, side), coordinate(Math.floor(i / side), side)];
    sum += Math.exp(values[i]! - largest - 0.5 * (x * x + y * y));
  }
  return largest + Math.log((sum * (2 * reach) ** 2) / (side * side * 2 * Math.PI));
}
