/**
 * Running sums along the middle one of three dimensions, [outer, n, inner], in double precision, each rounded once: from
 * the last number on when `reverse`, and of what comes before when `exclusive`. `sums` is room for `inner` doubles.
 */
export function runningSums(
  outer: usize,
  n: usize,
  inner: usize,
  x: usize,
  y: usize,
  exclusive: bool,
  reverse: bool,
  sums: usize,
): void {
  const row = inner << 2;
  for (let i: usize = 0; i < outer; i++) {
    memory.fill(sums, 0, inner << 3);
    for (let k: usize = 0; k < n; k++) {
      const at = (reverse ? n - 1 - k : k) * row;
      for (let j: usize = 0; j < inner; j++) {
        const sum = sums + (j << 3);
        const before = load<f64>(sum);
        const after = before + <f64>load<f32>(x + at + (j << 2));
        store<f64>(sum, after);
        store<f32>(y + at + (j << 2), <f32>(exclusive ? before : after));
      }
    }
    x += n * row;
    y += n * row;
  }
}
