// What fresh discriminators say, beside what nearest neighbours do.
import { sayEnds, type Ends } from '../../common/ends.js';
import { asBound } from '../../common/figures.js';
import { told, type Verdict } from '../../common/gates.js';
import { table } from '../../common/tables.js';
import { covers, excessBound, excessGate, excessMatters } from './gates.js';
import type { ByModel, Doctor, Run } from './result.js';
import { runsOf, show } from './runs.js';

/** Posteriors that are known, on which the doctor's discriminators were put to the test. */
const shapes = ['normal', 'twoBumps', 'halfNormal'] as const;

/** A doctor's run with its title. */
interface Patient {
  readonly title: string;
  readonly run: Run;
  readonly doctor: Doctor;
}

/** What the doctor says. */
interface Said {
  readonly deviation: Ends;
  readonly verdict: string;
}

/**
 * Of a run that was judged by copies of the images: its interval of the ELBO is of draws alone, and so holds; the one of the
 * deviation is that less what T claims, which no ELBO may have above log p(x).
 */
function saidAnew({ claimed, interval }: Doctor, { logLikelihood }: Run): Said {
  const from = claimed - Math.min(interval[1], logLikelihood);
  const to = claimed - interval[0];
  const verdict =
    from > excessMatters || to < -excessMatters
      ? 'lagging'
      : from >= -excessMatters && to <= excessMatters
        ? 'trustworthy'
        : 'unknown';
  return { deviation: [from, to], verdict };
}

export const saidOf = (doctor: Doctor, run: Run): Said =>
  doctor.deviation
    ? { deviation: doctor.deviation, verdict: doctor.verdict }
    : saidAnew(doctor, run);

/** A verdict, and whether it is wrong: of what is on the wrong side of the bound for sure. */
function judged(verdict: string, excess: Verdict): string {
  const wrong =
    (verdict === 'trustworthy' && excess === 'missed') ||
    (verdict === 'lagging' && excess === 'holds');
  return wrong ? `${verdict}, **wrongly**` : verdict;
}

function rowOf({ title, run, doctor }: Patient): readonly string[] {
  const { deviation, verdict } = saidOf(doctor, run);
  const excess = excessGate(title, run).verdict;
  return [
    title,
    show(run.elbo, 4),
    doctor.interval.map((value) => show(value, 4)).join(' to '),
    covers(doctor, run.elbo) ? 'holds it' : '**does not**',
    show(doctor.elbo, 4),
    asBound(doctor.claimed, run.logLikelihood, show(doctor.claimed, 4)),
    `${show(run.excess, 4)} ± ${show(run.disagreement, 4)}: ${told(excess)}`,
    sayEnds(deviation, 4),
    judged(verdict, excess),
    show(doctor.accuracy, 3),
    shapes.map((shape) => show(doctor.probes[shape]?.slope, 2)).join(', '),
  ];
}

export function doctorTable(byModel: ByModel): readonly string[] {
  const all = runsOf(byModel).flatMap(([title, run]) =>
    run.doctor ? [{ title, run, doctor: run.doctor }] : [],
  );
  if (all.length === 0) return [];
  return [
    `The doctor: three discriminators of the same make are fitted to the finished encoder for 3,000 steps each, and judged at some 200,000 draws; it knows nothing of nearest neighbours, and is asked whether T is off by more than ${excessMatters}. Its verdict is wrong where it trusts a T that misses the bound, or calls one lagging that holds it; it is unknown where its interval of what T is off by does not decide.`,
    ...(all.some(({ doctor }) => doctor.deviation === undefined)
      ? [
          'These models were judged when copies of the four images stood for rows of a larger set, and a verdict did not ask whether its interval decides. It is given here by the rule of today, from the figures that were kept, and without what the diagnosis has learned since: it takes bounds that need no discriminator at the draws of the reported ELBO, and allows for the noise of moments. So the interval of the true ELBO is of draws alone, and so stands; what T is off by is what T says less that, of draws that are not paired, and what it is above log p(x) by quadrature at least. By then .03 nat of what discriminators may miss came of the moments of their probes, which were of 64 draws.',
        ]
      : []),
    table(
      [
        'run',
        'true ELBO',
        'interval of the doctor',
        '',
        'ELBO by fresh discriminators',
        'by the trained T',
        `that of 300,000 draws, less the true one: ${excessBound.text}`,
        'the same by the doctor',
        'verdict',
        'accuracy of T',
        'slope of T over T*: normal, two bumps, half a normal',
      ],
      all.map(rowOf),
    ),
  ];
}
