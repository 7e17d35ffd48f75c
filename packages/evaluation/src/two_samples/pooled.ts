import type { Points } from '../points.js';

/** The points of both sets, the first's first. */
export function pooled(p: Points, q: Points): Points {
  const values = new Float64Array(p.values.length + q.values.length);
  values.set(p.values);
  values.set(q.values, p.values.length);
  return { values, dim: p.dim };
}
