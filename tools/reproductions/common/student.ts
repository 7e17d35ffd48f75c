const points = 200;
/** Above, it is that of a normal to three digits. */
const most = 4000;
const found = new Map<number, number>();

/** ∫ cos^power from 0 to `end`, by Simpson's rule. */
function integral(power: number, end: number): number {
  const step = end / points;
  let sum = 1 + Math.cos(end) ** power;
  for (let i = 1; i < points; i++) sum += (i % 2 === 1 ? 4 : 2) * Math.cos(i * step) ** power;
  return (sum * step) / 3;
}

/**
 * What a draw of Student's t with so many degrees of freedom, 1 at least, stays within 95 times of 100. With t = √df tan θ its
 * density is that of θ in proportion to cos^(df − 1) θ.
 */
export function studentWithin(df: number): number {
  const known = found.get(df);
  if (known !== undefined) return known;
  const value = search(Math.min(df, most));
  if (Number.isInteger(df)) found.set(df, value);
  return value;
}

function search(df: number): number {
  const goal = 0.95 * integral(df - 1, Math.PI / 2);
  let [low, high] = [0, Math.PI / 2];
  for (let i = 0; i < 36; i++) {
    const middle = (low + high) / 2;
    if (integral(df - 1, middle) < goal) low = middle;
    else high = middle;
  }
  return Math.sqrt(df) * Math.tan((low + high) / 2);
}
