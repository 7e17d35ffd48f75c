import { sayEstimate } from '../estimate.js';
import type { Measured } from './measured.js';

const nats = (value: number): string => `${value.toFixed(3).replace('-', '−')} nat`;

/** `−1.470 to −1.386`, or what of it is known. */
function sayInterval([from, to]: Measured['interval']): string {
  const [least, most] = [from, to].map((end) => end.toFixed(3).replace('-', '−'));
  if (!Number.isFinite(from)) return `at most ${most}`;
  return Number.isFinite(to) ? `${least} to ${most}` : `at least ${least}`;
}

/** What was measured and does not count, a sentence each. */
export function sayDoubts({ evidence }: Measured): readonly string[] {
  const doubts = evidence.flatMap(({ by, doubt }) => (doubt ? [{ by, doubt }] : []));
  return [...new Set(doubts.map(({ doubt }) => doubt))].map((doubt) => {
    const of = doubts.filter((one) => one.doubt === doubt).map(({ by }) => by);
    return `Nothing is concluded from ${of.join(' and ')}: ${doubt}.`;
  });
}

/** Off by more than the tolerance. */
export function sayOff({
  elbo,
  deviation: [from, to],
  tolerance,
  interval,
  evidence,
}: Measured): string {
  const above = from > 0;
  const counted = evidence.filter(({ doubt }) => !doubt);
  const alone = counted.filter(({ deviation }) =>
    above ? deviation[0] > tolerance : deviation[1] < -tolerance,
  );
  const by = (alone.length > 0 ? alone : counted).map((one) => one.by).join(' and by ');
  const cause = above ? 'lags behind the encoder' : 'overstates the divergence';
  return `The reported ELBO, ${elbo.toFixed(3).replace('-', '−')}, is ${above ? 'above' : 'below'} the true one by ${nats(above ? from : -to)} at least, by ${by}: the discriminator ${cause}. Quote the true one, ${sayInterval(interval)}, or give the discriminator more steps or another rate.`;
}

/** A true ELBO that is above log p(x). */
export function sayImpossible({ excess }: Measured): string {
  return `The reported ELBO exceeds the importance-sampled log-likelihood by ${sayEstimate(excess)} nat, which no true ELBO does: these are too few rows or importance samples to judge by, or a term of the model is no divergence. Take more of both.`;
}

export function saySaturated(accuracy: number): string {
  return `The discriminator tells posterior from prior ${(100 * accuracy).toFixed(1)} % of the time: it is saturated, and learns no ratio from samples that hardly overlap. Use adaptive or anchored contrast, or train it more slowly.`;
}

/** Neither within the tolerance for sure, nor outside of it. */
export function sayUndecided({
  refit,
  deviation: [from, to],
  tolerance,
  interval,
}: Measured): string {
  const matters = `${nats(tolerance)} would matter`;
  if (Number.isFinite(from) && Number.isFinite(to))
    return `The reported ELBO is between ${sideOf(from)} and ${sideOf(to)} the true one, and ${matters}: this does not decide. ${sayRemedy(refit)} Quote the true one, ${sayInterval(interval)}.`;
  const known = Number.isFinite(from)
    ? `is ${from < 0 ? `no more than ${sideOf(from)}` : `at least ${sideOf(from)}`} the true one, and ${matters}`
    : Number.isFinite(to)
      ? `is ${to < 0 ? `at least ${sideOf(to)}` : `no more than ${sideOf(to)}`} the true one, and ${matters}`
      : 'is not known to be near the true one';
  const what = refit
    ? 'what was measured leaves it open.'
    : 'only discriminators that are fitted afresh would tell (`elbo evaluate RUN --metric diagnosis`).';
  return `The reported ELBO ${known}: ${what}`;
}

/** How far above, or below, an ELBO is. */
const sideOf = (deviation: number): string =>
  deviation < 0 ? `${nats(-deviation)} below` : `${nats(deviation)} above`;

/** What would make the interval narrower. */
function sayRemedy(refit: Measured['refit']): string {
  if (!refit) return 'Take more rows.';
  const { missed, margins } = refit;
  const widest = Math.max(missed, 2 * margins.draws, 2 * margins.rows);
  if (widest === missed)
    return `Most of the width, ${nats(missed)}, is what discriminators may miss: fit them for more steps, or take larger ones.`;
  return widest === 2 * margins.rows
    ? 'Most of the width is the sampling of rows: take more.'
    : 'Most of the width is the sampling of draws: take more rows, or more draws of each.';
}
