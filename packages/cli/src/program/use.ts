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
} from './options.js';

/** The commands that take what was learnt out of a run. */
export function addUse(program: Command, run: Run): void {
  program
    .command('export')
    .description(
      'Write the model of a run as one safetensors file, with its configuration and without what only training needs: averaged weights where the run keeps an average. loadModel of @elbo/models reads it, in Node and in a page, and so does any safetensors library. Or write one part with what it computes, for any number of rows, as ONNX or as a graph model of TensorFlow.js: encoder (x to z), decoder (z to the mean of x) or scorer (x to minus the ELBO). Its noise is an input. An implicit posterior has no density, so a model without a bound has no scorer.',
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
        'encoder, or decoder, which samples; of onnx and tfjs also scorer (default: the whole model)',
      ).choices(['encoder', 'decoder', 'scorer']),
    )
    .addOption(
      new Option(
        '--format <name>',
        'safetensors: the weights. onnx, tfjs: one part with what it computes (default: safetensors)',
      ).choices(['safetensors', 'onnx', 'tfjs']),
    )
    .option(
      '--out <file>',
      'the file to write instead of one in the run directory; of tfjs a folder',
    )
    .option(
      '--card',
      'also write README.md beside it: data, figures with errors, the verdict of the diagnosis, the command that repeats it',
    )
    .addOption(checkpoint())
    .addOption(plugin())
    .addOption(backend())
    .addOption(json())
    .action((dir: string, flags: ExportFlags) =>
      run((output, known) => exportCommand(dir, flags, output, known))(),
    );

  program
    .command('impute')
    .description(
      'Fill in the missing values of a table by what the model of a run makes of the rest of each row: means and the most probable values, and beside them, for each, an interval or a probability. Columns that the model does not know are copied.',
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
    .option('--data <file>', 'a table of the same columns (default: the one of the run)')
    .option('--out <file>', 'the CSV file to write instead of one in the run directory')
    .option('--draws <n>', 'draws of each row', whole(20), 200)
    .option('--level <share>', 'the probability that an interval has', share, 0.9)
    .addOption(seed().default(0))
    .addOption(checkpoint())
    .addOption(plugin())
    .addOption(backend())
    .addOption(json())
    .action((dir: string, flags: ImputeFlags) =>
      run((output, known) => imputeCommand(dir, flags, output, known))(),
    );
}
