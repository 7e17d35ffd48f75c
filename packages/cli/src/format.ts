/** Seconds as `1:05` or `2:03:04`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((n, i) => (i === 0 ? String(n) : String(n).padStart(2, '0'))).join(':');
}

/** The metrics that a person watches, by what they are called on a line. */
const watched: readonly (readonly [string, string, number])[] = [
  ['elbo', 'ELBO', 2],
  ['reconstruction', 'rec', 2],
  ['kl', 'KL', 2],
  ['kl/accuracy', 'acc', 3],
];

/** `ELBO −98.10 rec 85.20 KL 12.90 acc 0.612`. */
export function formatMetrics(metrics: Readonly<Record<string, number>>): string {
  return watched
    .flatMap(([name, label, digits]) => {
      const value = metrics[name];
      return value === undefined ? [] : [`${label} ${value.toFixed(digits)}`];
    })
    .join(' ');
}
