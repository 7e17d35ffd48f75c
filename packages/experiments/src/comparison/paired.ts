import { estimateOf, type Estimate } from '@elbo/evaluation';
import type { Evaluation } from '@elbo/report';
import { sameQuestion } from '@elbo/runs';
import { isDeepStrictEqual } from 'node:util';
import type { ComparedRun } from './compared_run.js';

/** How much a figure of one run exceeds another's on the same rows; the mean and its standard error are over rows. */
interface Paired extends Estimate {
  readonly run: string;
  readonly against: string;
  readonly metric: string;
  readonly figure: string;
  readonly rows: number;
}

/** One question that was put to some of the runs, with each one's answer. */
export interface Asked {
  readonly question: Evaluation;
  readonly answers: readonly (Evaluation | undefined)[];
  /** Each later run against the first one that answered row by row, on equal data. */
  readonly paired: readonly Paired[];
}

/** The evaluations of runs, those of one metric and one set of options together. */
export function questionsTo(sides: readonly ComparedRun[]): readonly Asked[] {
  const all = sides.flatMap(({ evaluations }) => evaluations);
  const questions = all.filter(
    (question, i) => all.findIndex((other) => sameQuestion(question, other)) === i,
  );
  return questions.map((question) => {
    const answers = sides.map(({ evaluations }) =>
      evaluations.find((evaluation) => sameQuestion(evaluation, question)),
    );
    return { question, answers, paired: pairs(sides, answers) };
  });
}

function pairs(
  sides: readonly ComparedRun[],
  answers: readonly (Evaluation | undefined)[],
): readonly Paired[] {
  const each = sides.flatMap((side, i) => {
    const { metric = '', perRow } = answers[i] ?? {};
    return perRow ? [{ side, metric, ...perRow }] : [];
  });
  const [first, ...others] = each;
  if (!first) return [];
  return others.flatMap(({ side, metric, name, values }) => {
    // Values of other rows, or of none that is known, make no pairs.
    const [rows, others] = [testedOn(side), testedOn(first.side)];
    if (
      rows === undefined ||
      !isDeepStrictEqual(rows, others) ||
      values.length !== first.values.length
    )
      return [];
    const differences = values.map((value, row) => value - first.values[row]!);
    return [
      {
        run: side.name,
        against: first.side.name,
        metric,
        figure: name,
        rows: values.length,
        ...estimateOf(differences),
      },
    ];
  });
}

function testedOn({ config }: ComparedRun): unknown {
  return (config.data as { readonly test?: unknown } | undefined)?.test;
}
