import { ElboError } from '@elbo/core';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { evaluateCommand, type EvaluateFlags } from './commands/evaluate.js';
import { backendsCommand, dataGetCommand, dataListCommand, modelsCommand } from './commands/lists.js';
import { reconstructCommand, sampleCommand, type PictureFlags } from './commands/pictures.js';
import { trainCommand, type TrainFlags } from './commands/train.js';
import { processOutput, type Output } from './output.js';
import { recipes } from './standard.js';
import { UsageError } from './usage.js';
import { ownVersion } from './versions.js';

/** Exit statuses: all went well, it failed, it was called wrongly. An interrupted command's is 130. */
const status = { ok: 0, failed: 1, usage: 2 } as const;

function whole(least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`It takes a whole number of at least ${least}.`);
    return value;
  };
}

const collect = (text: string, before: readonly string[]): readonly string[] => [...before, text];

const backend = (): Option => new Option('--backend <name>', 'where to compute: auto, wasm or cpu');
const dataDir = (): Option => new Option('--data-dir <folder>', 'where data files are looked for first');
const seed = (): Option => new Option('--seed <n>', 'everything random follows from it').argParser(whole(0));

/**
 * Runs the command `elbo`.
 *
 * @param argv The words after the command's name.
 * @returns The exit status: 0, 1 (failed), 2 (wrong usage), 130 (interrupted).
 */
export async function main(argv: readonly string[]): Promise<number> {
  let result: number = status.ok;
  /** Runs a command with the output it asked for, and keeps its exit status. */
  const run =
    <Rest extends readonly unknown[]>(command: (output: Output, ...rest: Rest) => number | Promise<number>) =>
    async (...rest: Rest): Promise<void> => {
      result = await command(processOutput(argv.includes('--json')), ...rest);
    };

  const program = new Command('elbo')
    .description('Train, evaluate and look at latent-variable generative models.')
    .version(ownVersion)
    .exitOverride()
    .showSuggestionAfterError()
    .option('--json', 'results as JSON, a line each');

  program
    .command('train')
    .description('train a model into a run directory that ends with a report')
    .argument('[model]', recipes.map(({ name }) => name).join(' or '))
    .option('--data <name|path>', 'a named set (elbo data list), or IDX files')
    .addOption(dataDir())
    .addOption(
      new Option('--binarise <how>', 'what is made of grey images')
        .choices(['dynamic', 'static', 'threshold', 'none'])
        .default('dynamic'),
    )
    .option('--config <file>', 'a configuration, such as the config.json of a run')
    .option('--set <key=value>', 'an option of the model or of training (elbo models)', collect, [])
    .option('--steps <n>', 'iterations', whole(1))
    .option('--batch-size <n>', 'rows in a minibatch', whole(1))
    .addOption(seed())
    .addOption(backend())
    .option('--out <folder>', 'the run directory')
    .option('--resume <folder>', 'go on with an interrupted run')
    .option('--json', 'results as JSON, a line each')
    .action((model: string | undefined, flags: TrainFlags) =>
      run((output) => trainCommand(model, flags, output, `elbo ${argv.join(' ')}`))(),
    );

  program
    .command('evaluate')
    .description('measure a trained model on held-out rows')
    .argument('<run>', 'a run directory')
    .option('--metric <names>', 'elbo, nll, or both with a comma', 'elbo')
    .option('--rows <n>', 'held-out rows (all for elbo, 100 for nll)', whole(1))
    .option('--samples <n>', 'importance samples a row', whole(1), 5000)
    .addOption(seed().default(0))
    .addOption(dataDir())
    .addOption(backend())
    .option('--json', 'results as JSON, a line each')
    .action((dir: string, flags: EvaluateFlags) => run((output) => evaluateCommand(dir, flags, output))());

  const picture = (name: string, about: string, draw: typeof sampleCommand): void => {
    program
      .command(name)
      .description(about)
      .argument('<run>', 'a run directory')
      .option('--count <n>', 'how many', whole(1), 64)
      .addOption(seed().default(0))
      .option('--out <file>', 'the PNG file to write')
      .addOption(dataDir())
      .addOption(backend())
      .option('--json', 'results as JSON, a line each')
      .action((dir: string, flags: PictureFlags) => run((output) => draw(dir, flags, output))());
  };
  picture('sample', 'draw samples of a trained model', sampleCommand);
  picture('reconstruct', 'draw held-out rows and their reconstructions', reconstructCommand);

  const data = program.command('data').description('datasets');
  data
    .command('list')
    .description('the datasets that have names')
    .option('--json', 'results as JSON, a line each')
    .action(run(dataListCommand));
  data
    .command('get')
    .description('find or download a dataset, and check it')
    .argument('<name>', 'its name')
    .addOption(dataDir())
    .option('--json', 'results as JSON, a line each')
    .action((name: string, flags: { readonly dataDir?: string }) =>
      run((output) => dataGetCommand(name, flags, output))(),
    );
  program
    .command('models')
    .description('the models that can be trained by name, and their options')
    .option('--json', 'results as JSON, a line each')
    .action(run(modelsCommand));
  program
    .command('backends')
    .description('what can compute here, and how fast')
    .option('--json', 'results as JSON, a line each')
    .action(run(backendsCommand));

  try {
    await program.parseAsync(argv, { from: 'user' });
    return result;
  } catch (error) {
    return explained(error);
  }
}

/** Says what went wrong, once, and gives the exit status. */
function explained(error: unknown): number {
  // Commander has said it already; asking for help is no error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? status.ok : status.usage;
  if (!(error instanceof ElboError)) {
    // Not foreseen: whoever mends it needs the stack.
    console.error(error);
    return status.failed;
  }
  console.error(`elbo: ${error.message}`);
  const usage = error instanceof UsageError || error.name === 'ConfigError' || error.name === 'CompositionError';
  return usage ? status.usage : status.failed;
}
