import { CompositionError, ConfigError, ElboError } from '@elbo/core';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { backendsCommand } from './commands/backends.js';
import { buildNativeCommand, type BuildNativeFlags } from './commands/build_native.js';
import { compareCommand, type CompareFlags } from './commands/compare.js';
import { doctorCommand, type DoctorFlags } from './commands/doctor.js';
import { evaluateCommand, type EvaluateFlags } from './commands/evaluate.js';
import { dataGetCommand, dataListCommand, modelsCommand } from './commands/lists.js';
import { reconstructCommand, sampleCommand, type PictureFlags } from './commands/pictures.js';
import { reportCommand } from './commands/report.js';
import { traverseCommand, type TraverseFlags } from './commands/traverse.js';
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

/** Words as a shell takes them. */
function quoted(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** What help ends with. */
function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}

const collect = (text: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  text,
];

const backend = (): Option =>
  new Option(
    '--backend <name>',
    'where to compute: auto, node-gpu, node, webgpu, wasm or cpu (default: auto)',
  );
const dataDir = (): Option =>
  new Option('--data-dir <folder>', 'where data files are looked for first');
const seed = (): Option =>
  new Option('--seed <n>', 'everything random follows from it').argParser(whole(0));
const json = (): Option => new Option('--json', 'print results as JSON, one object a line');

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
    <Rest extends readonly unknown[]>(
      command: (output: Output, ...rest: Rest) => number | Promise<number>,
    ) =>
    async (...rest: Rest): Promise<void> => {
      result = await command(processOutput(argv.includes('--json')), ...rest);
    };

  const program = new Command('elbo')
    .description('Train, evaluate and look at latent-variable generative models.')
    .version(ownVersion)
    .exitOverride()
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error:/, 'elbo:').replace('\n(', ' ('));
      },
    })
    .addHelpText(
      'after',
      examples(
        'elbo train avb',
        'elbo evaluate runs/avb-strokes --metric elbo,nll',
        'elbo help train',
      ),
    );

  program
    .command('train')
    .description(
      'Train a model by name, a stored configuration, or an interrupted run. The run directory ends with a report.',
    )
    .summary('train a model into a run directory with a report')
    .argument('[model]', recipes.map(({ name }) => name).join(' or '))
    .option(
      '--data <name|path>',
      'a named set (elbo data list), or IDX files or their folder (default: strokes)',
    )
    .addOption(dataDir())
    .addOption(
      new Option(
        '--binarise <how>',
        'what is made of grey images (default: dynamic, afresh at every read; none for models that play against grey ones)',
      ).choices(['dynamic', 'static', 'threshold', 'none']),
    )
    .addOption(
      new Option(
        '--condition <on>',
        'what encoder and decoder are told beside: label, the class of each row (default: none)',
      ).choices(['label', 'none']),
    )
    .option('--config <file>', 'train what a configuration says, such as the config.json of a run')
    .option(
      '--set <key=value>',
      'an option of the model or of training, see elbo models; with --config a path such as training.steps; may be repeated',
      collect,
    )
    .option('--steps <n>', 'iterations in all (default: 5000)', whole(1))
    .option('--batch-size <n>', 'rows in a minibatch (default: 128)', whole(1))
    .addOption(seed())
    .addOption(backend())
    .option(
      '--workers <n>',
      'threads that share each minibatch, for large ones (default: 1)',
      whole(1),
    )
    .option('--out <folder>', 'the run directory (default: runs/MODEL-DATA, numbered when taken)')
    .option('--resume <run>', 'go on with an interrupted run, to the same result')
    .addHelpText(
      'after',
      examples(
        'elbo train avb --data mnist --steps 20000 --seed 7',
        "elbo train vae --set latent=2 --set 'hidden=[128,128]' --out runs/small",
        'elbo train vae --data mnist --condition label',
        'elbo train --resume runs/avb-mnist',
        'elbo train --config runs/avb-mnist/config.json --set training.seed=8',
      ),
    )
    .addOption(json())
    .action((model: string | undefined, flags: TrainFlags) =>
      run((output) => trainCommand(model, flags, output, `elbo ${quoted(argv)}`))(),
    );

  program
    .command('evaluate')
    .description(
      "Measure a trained model on held-out rows: elbo, the model's own bound, in nats; costs, those of its terms; nll, minus the log-likelihood by importance sampling; ais, the log-likelihood by annealing; bdmc, what that misses, on rows that the model made; codes, what z says of x; probe, how well codes lay out classes; collapse, its signs; doctor, whether the ELBO of a discriminator is true; samples, how these lie among data, by features of a small classifier that is trained once; ood, how well other data are told from these. What is found is kept in the run, and shown in its report.",
    )
    .summary('measure a trained model on held-out rows')
    .argument('<run>', 'a run directory')
    .option(
      '--metric <names>',
      'elbo, costs, nll, ais, bdmc, codes, probe, collapse, doctor, samples or ood, several with commas; elbo where the model has one, else costs',
    )
    .option(
      '--rows <n>',
      'how many held-out rows (default: all for elbo and costs, 100 for nll, 20 for ais and bdmc, 200 for doctor, 400 for ood, 500 for collapse, 1000 for codes, probe and samples)',
      whole(1),
    )
    .option(
      '--samples <n>',
      'importance samples for each row (default: 5000 for nll, 2000 for doctor, 100 for ood)',
      whole(1),
    )
    .option('--against <name|path>', 'for ood: other data, whose rows have the same shape')
    .option('--chains <n>', 'annealed chains for each row', whole(1), 16)
    .option('--temperatures <n>', 'steps of annealing', whole(1), 500)
    .option(
      '--fit-steps <n>',
      'for doctor: steps of each discriminator that is fitted afresh (default: 2000)',
      whole(2),
    )
    .addHelpText(
      'after',
      examples(
        'elbo evaluate runs/avb-strokes --metric elbo,nll --json',
        'elbo evaluate runs/avb-mnist --metric ood --against fashion-mnist',
      ),
    )
    .addOption(seed().default(0))
    .addOption(dataDir())
    .addOption(backend())
    .addOption(json())
    .action((dir: string, flags: EvaluateFlags) =>
      run((output) => evaluateCommand(dir, flags, output))(),
    );

  program
    .command('compare')
    .description(
      'Put runs side by side, as their files have them: where configurations differ, the figures of their reports, kept evaluations, and, where two were evaluated on the same rows, the mean difference with its standard error.',
    )
    .summary('put runs side by side')
    .argument(
      '<runs...>',
      'run directories, two or more; the first is what others are compared with',
    )
    .option('--out <file>', 'an HTML page to write too, with curves over each other and samples')
    .addHelpText(
      'after',
      examples(
        'elbo evaluate runs/vae-strokes --metric nll && elbo evaluate runs/avb-strokes --metric nll',
        'elbo compare runs/vae-strokes runs/avb-strokes --out compare.html',
      ),
    )
    .addOption(json())
    .action((dirs: readonly string[], flags: CompareFlags) =>
      run((output) => compareCommand(dirs, flags, output))(),
    );

  program
    .command('report')
    .description("Make a run's report again of what lies in the run directory.")
    .summary('make the report again of what lies in the run')
    .argument('<run>', 'a run directory')
    .addHelpText('after', examples('elbo report runs/avb-strokes'))
    .addOption(json())
    .action((dir: string) => run((output) => reportCommand(dir, output))());

  const picture = (name: string, about: string, draw: typeof sampleCommand): Command =>
    program
      .command(name)
      .description(`${about[0]!.toUpperCase()}${about.slice(1)}, as a PNG in the run directory.`)
      .summary(about)
      .argument('<run>', 'a run directory')
      .addHelpText('after', examples(`elbo ${name} runs/avb-strokes --count 100 --out ${name}.png`))
      .option('--count <n>', 'how many', whole(1), 64)
      .addOption(seed().default(0))
      .option('--out <file>', 'the PNG file to write instead')
      .addOption(dataDir())
      .addOption(backend())
      .addOption(json())
      .action((dir: string, flags: PictureFlags) => run((output) => draw(dir, flags, output))());
  picture('sample', 'draw samples of a trained model', sampleCommand).option(
    '--class <n>',
    'of a model conditioned on labels: all of this class (default: one class after the other)',
    whole(0),
  );
  picture('reconstruct', 'draw held-out rows and their reconstructions', reconstructCommand);

  program
    .command('traverse')
    .description(
      'Draw what each coordinate of z shows, as a PNG in the run directory: a row for each coordinate, the most used first, with a column for each of its values from −2.5 to 2.5.',
    )
    .summary('draw what each coordinate of z shows')
    .argument('<run>', 'a run directory')
    .addHelpText('after', examples('elbo traverse runs/vae-strokes --row 3 --count 8'))
    .option('--count <n>', 'how many coordinates', whole(1), 10)
    .option('--columns <n>', 'how many values of each', whole(1), 11)
    .option(
      '--row <n>',
      'a held-out row whose code the other coordinates keep (default: none, they are 0)',
      whole(0),
    )
    .option('--class <n>', 'of a model conditioned on labels: this class', whole(0))
    .addOption(seed().default(0))
    .option('--out <file>', 'the PNG file to write instead')
    .addOption(dataDir())
    .addOption(backend())
    .addOption(json())
    .action((dir: string, flags: TraverseFlags) =>
      run((output) => traverseCommand(dir, flags, output))(),
    );

  const data = program
    .command('data')
    .description('List the datasets, or find or download one.')
    .summary('list the datasets, or find or download one')
    .addHelpText('after', examples('elbo data list', 'elbo data get mnist'));
  data
    .command('list')
    .description('List the datasets that have names.')
    .summary('list the datasets that have names')
    .addHelpText('after', examples('elbo data list'))
    .addOption(json())
    .action(run(dataListCommand));
  data
    .command('get')
    .description(
      "Find a dataset's files in --data-dir, $ELBO_DATA_DIR or the cache folder, else download them, and check them.",
    )
    .summary('find or download a dataset, and check it')
    .argument('<name>', 'its name, or a path')
    .addHelpText('after', examples('elbo data get fashion-mnist', 'elbo data get ./my-images'))
    .addOption(dataDir())
    .addOption(json())
    .action((name: string, flags: { readonly dataDir?: string }) =>
      run((output) => dataGetCommand(name, flags, output))(),
    );
  program
    .command('models')
    .description('List the models that can be trained by name, with their options.')
    .summary('list the models, with their options')
    .addHelpText('after', examples('elbo models', 'elbo train avb --set latent=16'))
    .addOption(json())
    .action(run(modelsCommand));
  program
    .command('backends')
    .description('Test and time what can compute on this machine.')
    .summary('test and time what can compute here')
    .addHelpText('after', examples('elbo backends', 'elbo train avb --backend cpu'))
    .addOption(json())
    .action(run(backendsCommand));
  program
    .command('doctor')
    .description(
      'Examine what can compute here: Node, native packages and their libraries, the GPU, copies of TensorFlow.js, and variables of the environment. Each finding comes with what to do.',
    )
    .summary('find out why a backend does not work, and what to do')
    .option('--model <name>', 'also look for kernels that this model needs and a backend lacks')
    .addHelpText('after', examples('elbo doctor', 'elbo doctor --model avb --json'))
    .addOption(json())
    .action((flags: DoctorFlags) => run((output) => doctorCommand(flags, output))());
  program
    .command('build-native')
    .description(
      'Build the binding of @tensorflow/tfjs-node, or of tfjs-node-gpu, against the TensorFlow of a Python package. A failure leaves everything as it was.',
    )
    .summary('build TensorFlow for Node against a Python package')
    .requiredOption(
      '--tensorflow <folder>',
      'a virtual environment with TensorFlow 2.12 or later, or the folder of that package',
    )
    .option('--gpu', 'build that of tfjs-node-gpu (default: the one that is installed)')
    .addHelpText(
      'after',
      examples(
        'npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0',
        'python3 -m venv tf && tf/bin/pip install tensorflow-cpu',
        'elbo build-native --tensorflow tf',
      ),
    )
    .addOption(json())
    .action((flags: BuildNativeFlags) => run((output) => buildNativeCommand(flags, output))());

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
  const usage = [UsageError, ConfigError, CompositionError].some((kind) => error instanceof kind);
  return usage ? status.usage : status.failed;
}
