import { expect, test } from 'vitest';
import { onSphere, straight } from '../src/use/interpolation.js';

const length = (v: Float32Array): number => Math.hypot(...v);
const a = Float32Array.of(3, 0, 4);
const b = Float32Array.of(0, 5, 0);

test('along the arc the length stays and the angle grows steadily; the straight line leaves the sphere', () => {
  const angle = (v: Float32Array): number =>
    Math.acos(v.reduce((sum, value, i) => sum + value * a[i]!, 0) / length(v) / length(a));
  for (const t of [0.1, 0.25, 0.5, 0.9]) {
    const on = onSphere(a, b, t);
    expect(length(on)).toBeCloseTo(5, 5);
    expect(angle(on)).toBeCloseTo((t * Math.PI) / 2, 5);
    expect(length(straight(a, b, t))).toBeLessThan(4.6);
  }
});

test('where there is no angle the arc is the straight line', () => {
  for (const other of [a.map((value) => 2 * value), a.map((value) => -value), new Float32Array(3)])
    expect(onSphere(a, other, 0.3)).toEqual(straight(a, other, 0.3));
});
