import { compare, comparisonPage, figuresByName, parametersOf } from '@elbo/experiments';
import { writeWhole } from '@elbo/files';
import { resolve } from 'node:path';
import { outPath } from '../out_path.js';
import type { Output } from '../output.js';
import { table } from '../table.js';
import { UsageError } from '../usage.js';

/** The options of `elbo compare`. */
export interface CompareFlags {
  /** An HTML page to write. */
  readonly out?: string;
}

/** `elbo compare RUN…`: what the files of runs say, side by side. Gives the exit status. */
export async function compareCommand(
  dirs: readonly string[],
  flags: CompareFlags,
  output: Output,
): Promise<number> {
  const paths = dirs.map((dir) => resolve(dir));
  if (paths.length < 2 || new Set(paths).size < paths.length)
    throw new UsageError('compare takes two or more different runs.');
  const page = flags.out === undefined ? undefined : outPath(flags.out, ['.html']);
  const comparison = await compare(paths);
  const { sides, differences, asked, tables, configuration } = comparison;
  for (const { title, note, rows } of [...tables, configuration]) {
    if (rows.length === 0) continue;
    output.line(`${title}${note === undefined ? '' : ` (${note})`}`);
    const head = ['', ...sides.map(({ name }) => name)];
    output.line(`${table([head, ...rows.map(({ label, values }) => [label, ...values])])}\n`);
  }
  if (page !== undefined) {
    await writeWhole(page, comparisonPage(comparison));
    output.line(page);
  }
  output.result({
    runs: sides.map((side) => ({
      run: side.dir,
      name: side.name,
      status: side.notes?.status,
      steps: side.notes?.provenance.steps,
      seconds: side.notes?.provenance.seconds,
      parameters: parametersOf(side),
      headline: side.notes?.headline,
    })),
    differences,
    evaluations: asked.map(({ question: { metric, options }, answers, paired }) => ({
      metric,
      options,
      answers: answers.map((answer) => answer && { step: answer.step, ...figuresByName(answer) }),
      paired,
    })),
    page,
  });
  return 0;
}
