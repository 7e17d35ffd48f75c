/** A linear map from data to picture coordinates, and where its ticks are. */
export interface Axis {
  readonly ticks: readonly number[];
  at(value: number): number;
  /** A tick's text. */
  label(tick: number): string;
}

/** A distance between ticks that is 1, 2 or 5 times a power of ten. */
function niceStep(span: number, count: number): number {
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
}

/** An axis on which `low` is drawn at `from` and `high` at `to`. */
export function axis(low: number, high: number, from: number, to: number): Axis {
  const step = niceStep(high - low, 6);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return {
    ticks: Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step),
    at: (value) => from + ((value - low) / (high - low)) * (to - from),
    label: (tick) =>
      tick
        .toFixed(digits)
        .replace('-', '−')
        .replace(/^−(0(\.0+)?)$/, '$1'),
  };
}
