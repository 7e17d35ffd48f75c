import { messageOf } from '@elbo/core';
import { inTurn } from '@elbo/files';
import type { Evaluation } from '@elbo/report';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import { readJson } from '../files/json_file.js';
import type { RunDirectory } from '../run/run.js';
import { evaluationSchema } from './schema.js';

const name = 'evaluations.json';
const schema = v.object({ version: v.literal(1), evaluations: v.array(evaluationSchema) });

/**
 * The evaluations that a run keeps, in the order in which they were first made; none when there are none yet.
 *
 * @throws FileError when their file is broken.
 */
export async function readEvaluations({
  dir,
  files,
}: RunDirectory): Promise<readonly Evaluation[]> {
  return (await readJson(files, name, schema, join(dir, name)))?.evaluations ?? [];
}

/** Whether two answer the same question, so that the newer replaces the older. */
export function sameQuestion(a: Evaluation, b: Evaluation): boolean {
  return a.metric === b.metric && isDeepStrictEqual(a.options, b.options);
}

/**
 * Keeps an evaluation in its run, in place of an older one with the same options. A broken file is put aside under
 * another name. Of several processes that do so at once, each waits for its turn.
 *
 * @returns What a person should be told: that the file was broken, and where it is now.
 * @throws FileError when the file system refuses.
 */
export function keepEvaluation(
  run: RunDirectory,
  evaluation: Evaluation,
): Promise<string | undefined> {
  return inTurn(run.dir, 'evaluations', () => keep(run, evaluation));
}

async function keep(run: RunDirectory, evaluation: Evaluation): Promise<string | undefined> {
  let before: readonly Evaluation[] = [];
  let warning: string | undefined;
  try {
    before = await readEvaluations(run);
  } catch (thrown) {
    const aside = await freeName(run);
    await run.files.write(aside, await run.files.read(name));
    warning = `${messageOf(thrown)} It is kept as ${aside}, and a new one was begun.`;
  }
  const at = before.findIndex((older) => sameQuestion(older, evaluation));
  const evaluations = at < 0 ? [...before, evaluation] : before.with(at, evaluation);
  // One a line: with the values of rows a file of one value a line would be long.
  const lines = evaluations.map((each) => JSON.stringify(each)).join(',\n');
  const text = `{"version":1,"evaluations":[\n${lines}\n]}\n`;
  await run.files.write(name, new TextEncoder().encode(text));
  return warning;
}

async function freeName({ files }: RunDirectory): Promise<string> {
  const taken = await files.list();
  const names = [
    'evaluations.broken.json',
    ...taken.map((_, i) => `evaluations.broken-${i + 2}.json`),
  ];
  return names.find((candidate) => !taken.includes(candidate))!;
}
