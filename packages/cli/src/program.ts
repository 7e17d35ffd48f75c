import { CompositionError, ConfigError, ElboError, printableLines } from '@elbo/core';
import {
  knownWith,
  ownVersion,
  RequestError,
  withPlugins,
  type Additions,
} from '@elbo/experiments';
import { Command, CommanderError } from 'commander';
import { inspect } from 'node:util';
import { complain, processOutput } from './output.js';
import { addDrawing } from './program/draw.js';
import { addJudging } from './program/evaluate_and_compare.js';
import { addLists } from './program/lists.js';
import { addMachine } from './program/machine.js';
import { examples, type Run } from './program/options.js';
import { addTrain } from './program/train.js';
import { addUse } from './program/use.js';
import { addValues } from './program/values.js';
import { refuseEmpty, withoutHelp } from './program/words.js';
import { UsageError } from './usage.js';

/** Options that commands have in common, and that none of them sees to itself. */
interface Everywhere {
  readonly plugin?: readonly string[];
  readonly threads?: number;
}

/** Exit statuses: all went well, it failed, it was called wrongly. An interrupted command's is 130. */
const status = { ok: 0, failed: 1, usage: 2 } as const;

/**
 * Runs the command `elbo`.
 *
 * @param argv The words after the command's name.
 * @param additions What the program adds to what can be named: kinds, models and datasets of its own.
 * @returns The exit status: 0, 1 (failed), 2 (wrong usage), 130 (interrupted).
 *
 * @example
 * ```ts
 * import { main } from '@elbo/cli';
 *
 * console.log(await main(['report', 'runs/none'])); // 1
 * ```
 */
export async function main(argv: readonly string[], additions: Additions = {}): Promise<number> {
  let result: number = status.ok;
  let known = knownWith(additions);
  const run: Run = (command) => async () => {
    result = await command(processOutput(argv.includes('--json')), known);
  };

  const program = new Command('elbo')
    .description('Train, evaluate and sample latent-variable generative models.')
    .version(ownVersion)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(printableLines(text.replace(/^error:/, 'elbo:').replace('\n(', ' (')));
      },
    })
    .hook('preAction', async (_, action) => {
      const { plugin = [], threads } = action.opts<Everywhere>();
      // For the backend, and for the processes that this one starts.
      if (threads !== undefined) process.env.ELBO_THREADS = String(threads);
      known = await withPlugins(known, plugin);
    })
    .addHelpText(
      'after',
      examples(
        'elbo train avb',
        'elbo evaluate runs/avb-strokes --metric elbo,nll',
        'elbo help train',
      ),
    );

  addTrain(program, run, argv);
  addJudging(program, run);
  addDrawing(program, run);
  addValues(program, run);
  addUse(program, run);
  addLists(program, run);
  addMachine(program, run);
  refuseEmpty(program);

  const allowed = process.env.ELBO_THREADS;
  try {
    await program.parseAsync(withoutHelp(program, argv), { from: 'user' });
    return result;
  } catch (error) {
    return explained(error);
  } finally {
    if (allowed === undefined) delete process.env.ELBO_THREADS;
    else process.env.ELBO_THREADS = allowed;
  }
}

/** Says what went wrong, once, and gives the exit status. */
export function explained(error: unknown): number {
  // Commander has said it already; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? status.ok : status.usage;
  if (!(error instanceof ElboError)) {
    // Not foreseen: whoever mends it needs the stack.
    complain(inspect(error));
    return status.failed;
  }
  complain(`elbo: ${error.message}`);
  const usage = [UsageError, RequestError, ConfigError, CompositionError].some(
    (kind) => error instanceof kind,
  );
  return usage ? status.usage : status.failed;
}
