import { recipes } from '@elbo/models';
import { Option, type Command } from 'commander';
import { trainCommand } from '../commands/train.js';
import type { TrainFlags } from '../train_flags.js';
import {
  augmentation,
  backend,
  collect,
  dataDir,
  examples,
  holdOut,
  imageSize,
  json,
  plugin,
  quoted,
  seed,
  warmStart,
  whole,
  type Run,
  threads,
} from './options.js';

/** The command that trains. */
export function addTrain(program: Command, run: Run, argv: readonly string[]): void {
  program
    .command('train')
    .description(
      'Train a named model, a stored configuration, or an interrupted run. The run directory gets a report.',
    )
    .summary('train a model into a run directory with a report')
    .argument('[model]', recipes.map(({ name }) => name).join(' or '))
    .option(
      '--data <name|path>',
      'a named set (elbo data list), or your own: a folder or zip file of PNG and JPEG images, a table (.csv, .tsv, .jsonl), lines of text (.txt, .smi), arrays (.npy, .npz, .safetensors), IDX images, or a folder of these (default: strokes)',
    )
    .addOption(dataDir())
    .option(
      '--hold-out <rows>',
      'training rows held out for validation and, after a comma, for testing: numbers, or shares below 1 (default: a tenth for each set that the data lack)',
      holdOut,
    )
    .option(
      '--column <name=type>',
      'how to read a column of a table: number, count, category or skip; ? if values may be missing; may be repeated (default: guessed, and shown)',
      collect,
    )
    .option(
      '--labels <name>',
      'the column of a table, or the array of an archive, that holds the classes',
    )
    .option('--array <name>', 'the array of an .npz or .safetensors file that holds the rows')
    .option(
      '--length <n>',
      'the longest line of text, in symbols; longer lines are left out (default: the longest there is, up to 100)',
      whole(1),
    )
    .option(
      '--size <n|HxW>',
      'the size that images are scaled to (default: their own if they all share it and no side exceeds 128, otherwise 64)',
      imageSize,
    )
    .addOption(
      new Option(
        '--crop <how>',
        'how images of other proportions are fitted: centre keeps their middle; pad keeps all and adds white; stretch distorts (default: centre)',
      ).choices(['centre', 'pad', 'stretch']),
    )
    .option('--grey', 'turn coloured images grey')
    .option(
      '--augment <ways>',
      'vary training images each time they are read: flip, left to right; shift, by up to a sixteenth of a side; or flip,shift (default: off)',
      augmentation,
    )
    .addOption(
      new Option(
        '--binarise <how>',
        'how grey images become bits; coloured ones stay as they are (default: dynamic, anew each time they are read; none for models with a discriminator of images)',
      ).choices(['dynamic', 'static', 'threshold', 'none']),
    )
    .addOption(
      new Option(
        '--condition <on>',
        'an extra input of encoder and decoder: label, the class of each row (default: none)',
      ).choices(['label', 'none']),
    )
    .option('--config <file>', "train from a configuration file, such as a run's config.json")
    .option(
      '--set <key=value>',
      'an option of the model or of training (see elbo models); with --config a path such as training.steps; may be repeated',
      collect,
    )
    .option('--steps <n>', 'training steps in all (default: 5000)', whole(1))
    .option('--batch-size <n>', 'rows in a minibatch (default: 128)', whole(1))
    .addOption(seed())
    .addOption(plugin())
    .addOption(backend())
    .addOption(threads())
    .option(
      '--workers <n>',
      'threads that share each minibatch, which helps with large ones (default: 1)',
      whole(1),
    )
    .option(
      '--out <folder>',
      'the run directory (default: runs/MODEL-DATA, with a number added if that exists)',
    )
    .addOption(
      new Option(
        '--keep <which>',
        'best: also keep the step that did best in validation, which evaluate, sample and the report then use (default with patience)',
      ).choices(['best', 'last']),
    )
    .option(
      '--from <run[:parts]>',
      'start from the parameters of another run, or of a file that elbo export wrote, where names and shapes match; to take only some parts: runs/a:decoder, runs/a:encoder,decoder',
      warmStart,
    )
    .option(
      '--resume <run>',
      'resume an interrupted run, with the same result; with --steps, extend it past its end',
    )
    .addHelpText(
      'after',
      examples(
        'elbo train avb --data mnist --steps 20000 --seed 7',
        "elbo train vae --set latent=2 --set 'hidden=[128,128]' --out runs/small",
        'elbo train vae --data mnist --condition label',
        'elbo train vae --data ./photos --size 64 --augment flip',
        'elbo train iwae --data penguins.csv --labels species',
        'elbo train vae --data ./photos --size 64 --from runs/faces:decoder',
        'elbo train --resume runs/avb-mnist',
        'elbo train --resume runs/avb-mnist --steps 40000',
        'elbo train --config runs/avb-mnist/config.json --set training.seed=8',
      ),
    )
    .addOption(json())
    .action((model: string | undefined, flags: TrainFlags) =>
      run((output, known) => trainCommand(model, flags, output, known, `elbo ${quoted(argv)}`))(),
    );
}
