/** Seconds as `1:05` or `2:03:04`. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((n, i) => (i === 0 ? String(n) : String(n).padStart(2, '0'))).join(':');
}

/** The metrics that a person watches, by what they are called on a line. */
const watched: readonly (readonly [string, string])[] = [
  ['elbo', 'ELBO'],
  ['reconstruction', 'rec'],
  ['kl', 'KL'],
];
/** So many of a model's other costs are shown. */
const others = 2;

/** `ELBO −98.10 rec 85.20 KL 12.90 acc 0.612`: what is known by name, other costs, and the accuracies of critics. */
export function formatMetrics(metrics: Readonly<Record<string, number>>): string {
  const names = Object.keys(metrics);
  const known = watched.filter(([name]) => metrics[name] !== undefined);
  const costs = names
    .filter((name) => !name.includes('/') && !watched.some(([own]) => own === name))
    .slice(0, others);
  const accuracies = names.filter((name) => name.endsWith('/accuracy'));
  return [
    ...known.map(([name, label]) => `${label} ${hundredths(metrics[name]!)}`),
    ...costs.map((name) => `${name} ${hundredths(metrics[name]!)}`),
    ...accuracies.map((name) => `acc ${metrics[name]!.toFixed(3)}`),
  ].join(' ');
}

/** To two places behind the point, and where these would say little, to two digits. */
function hundredths(value: number): string {
  return value === 0 || Math.abs(value) >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}

/** `12.3 steps/s, 1:05 left`; empty before the first step. */
export function formatPace(done: number, left: number, seconds: number): string {
  if (done <= 0 || seconds <= 0) return '';
  const rate = done / seconds;
  return `${rate.toFixed(1)} steps/s, ${clock(left / rate)} left`;
}
