// The command, as a person calls it.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Context } from '../../runner/study.js';

const execute = promisify(execFile);

/** The figures of one metric of `elbo evaluate`. */
type Figures = Readonly<Record<string, number | undefined>>;

/** What was found of one model. */
export interface Found {
  readonly model: string;
  readonly seed: number;
  readonly steps: number;
  readonly seconds: number;
  readonly costs: Figures;
  readonly collapse: Figures;
  /** Of models with an ELBO. */
  readonly elbo?: Figures;
  readonly nll?: Figures;
}

/** How a model is trained by the command. */
export interface How extends Context {
  readonly root: string;
  readonly dataDir: string | undefined;
  /** Whether it has an ELBO. */
  readonly bounded: boolean;
}

/** The folder of one model's run. */
export const runOf = (model: string, seed: number, out: string): string =>
  join(out, `${model}-${seed}`);

const linesOf = (text: string): readonly unknown[] =>
  text
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

/** The JSON lines that `elbo` prints; fails with what it said when it fails. */
async function elbo(args: readonly string[], { root, signal }: How): Promise<readonly unknown[]> {
  const command = join(root, 'packages', 'cli', 'dist', 'elbo.js');
  const { stdout } = await execute(process.execPath, [command, ...args, '--json'], {
    cwd: root,
    signal,
    maxBuffer: 2 ** 28,
  });
  return linesOf(stdout);
}

interface Report {
  readonly split: string;
  readonly step: number;
  readonly rate: number;
}

/** Seconds of training, and its steps, as the run's own reports have them. */
function timeOf(dir: string): { readonly steps: number; readonly seconds: number } {
  const all = linesOf(readFileSync(join(dir, 'metrics.jsonl'), 'utf8')) as readonly Report[];
  const lines = all.filter(({ split }) => split === 'training');
  // Each report covers as many steps as lie between it and the one before.
  const seconds = lines.reduce(
    (sum, { step, rate }, i) => sum + (step - (lines[i - 1]?.step ?? 0)) / rate,
    0,
  );
  return { steps: lines.at(-1)!.step, seconds };
}

/** Trains one model, or goes on with its run, and evaluates it. */
export async function trainedByCommand(model: string, seed: number, how: How): Promise<Found> {
  const dir = runOf(model, seed, how.out);
  const data = how.dataDir === undefined ? [] : ['--data-dir', how.dataDir];
  const started = existsSync(join(dir, 'config.json'));
  how.log(`${model}, seed ${seed}: ${started ? 'going on with' : 'training into'} ${dir}`);
  const source = started
    ? ['--resume', dir]
    : [model, '--data', 'mnist', '--seed', String(seed), '--out', dir];
  await elbo(['train', ...source, ...data], how);

  how.log(`${model}, seed ${seed}: evaluating`);
  const found: Record<string, object> = {};
  const measure = async (...flags: readonly string[]): Promise<void> => {
    const args = ['evaluate', dir, ...data, ...flags];
    const lines = (await elbo(args, how)) as readonly { readonly metric: string }[];
    for (const figures of lines) found[figures.metric] = { ...figures, run: undefined };
  };
  await measure('--metric', 'costs,collapse');
  if (how.bounded) await measure('--metric', 'elbo,nll', '--rows', '500', '--samples', '1000');
  return {
    model,
    seed,
    ...timeOf(dir),
    ...(found as unknown as Pick<Found, 'costs' | 'collapse'>),
  };
}
