import { Option, type Command } from 'commander';
import { exportCommand, type ExportFlags } from '../commands/export.js';
import { imputeCommand, type ImputeFlags } from '../commands/impute.js';
import {
  backend,
  checkpoint,
  examples,
  json,
  plugin,
  seed,
  share,
  whole,
  type Run,
  threads,
} from './options.js';

/** The commands that take what was learnt out of a run. */
export function addUse(program: Command, run: Run): void {
  program
    .command('export')
    .description(
      'Write the model of a run as one safetensors file: its configuration and its weights, averaged if the run keeps an average, and nothing that only training needs. loadModel of @elbo/models reads the file, in Node and in a page, and so does any safetensors library. Or write the computation of one part, for any number of rows, as ONNX or as a graph model of TensorFlow.js: encoder (x to z), decoder (z to the mean of x) or scorer (x to minus the ELBO, if the model has one). Its noise is an input.',
    )
    .summary('write the model of a run as one file')
    .argument('<run>', 'a run directory')
    .addHelpText(
      'after',
      examples(
        'elbo export runs/vae-strokes',
        'elbo export runs/vae-strokes --part decoder --out decoder.safetensors',
        'elbo export runs/vae-strokes --format onnx --part scorer',
      ),
    )
    .addOption(
      new Option(
        '--part <name>',
        'encoder or decoder, and for onnx and tfjs also scorer (default: the whole model)',
      ).choices(['encoder', 'decoder', 'scorer']),
    )
    .addOption(
      new Option(
        '--format <name>',
        'safetensors: the weights; onnx, tfjs: the computation of one part (default: safetensors)',
      ).choices(['safetensors', 'onnx', 'tfjs']),
    )
    .option(
      '--out <file>',
      'the file to write instead of one in the run directory; for tfjs a folder',
    )
    .option(
      '--card',
      'also write a README.md beside it: data, figures with errors, the verdict of the diagnosis, the command that repeats the run',
    )
    .addOption(checkpoint())
    .addOption(plugin())
    .addOption(backend())
    .addOption(threads())
    .addOption(json())
    .action((dir: string, flags: ExportFlags) =>
      run((output, known) => exportCommand(dir, flags, output, known))(),
    );

  program
    .command('impute')
    .description(
      'Fill in the missing values of a table from what the model of a run infers from the rest of each row: means of numbers and the most probable categories. A second file has an interval or a probability for each. Columns that the model does not know are copied.',
    )
    .summary('fill in the missing values of a table')
    .argument('<run>', 'a run directory, trained on a table')
    .addHelpText(
      'after',
      examples(
        'elbo impute runs/iwae-penguins.csv',
        'elbo impute runs/iwae-penguins.csv --data new.csv --out filled.csv --level 0.95',
      ),
    )
    .option('--data <file>', 'a table with the same columns (default: that of the run)')
    .option('--out <file>', 'the CSV file to write instead of one in the run directory')
    .option('--draws <n>', 'draws for each row', whole(20), 200)
    .option('--level <share>', 'the probability that an interval holds', share, 0.9)
    .addOption(seed().default(0))
    .addOption(checkpoint())
    .addOption(plugin())
    .addOption(backend())
    .addOption(threads())
    .addOption(json())
    .action((dir: string, flags: ImputeFlags) =>
      run((output, known) => imputeCommand(dir, flags, output, known))(),
    );
}
