import { recipes } from '@elbo/models';
import { Option, type Command } from 'commander';
import { trainCommand, type TrainFlags } from '../commands/train.js';
import {
  backend,
  collect,
  dataDir,
  examples,
  holdOut,
  json,
  plugin,
  quoted,
  seed,
  whole,
  type Run,
} from './options.js';

/** The command that trains. */
export function addTrain(program: Command, run: Run, argv: readonly string[]): void {
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
    .option(
      '--hold-out <rows>',
      'training rows that are kept to validate on, and after a comma to test on: numbers, or shares below 1 (default: a tenth to validate on, where the data bring none)',
      holdOut,
    )
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
    .addOption(plugin())
    .addOption(backend())
    .option(
      '--workers <n>',
      'threads that share each minibatch, for large ones (default: 1)',
      whole(1),
    )
    .option('--out <folder>', 'the run directory (default: runs/MODEL-DATA, numbered when taken)')
    .addOption(
      new Option(
        '--keep <which>',
        'best: also keep the checkpoint of the best step by validation, which evaluate, sample and the report then use (default: with patience)',
      ).choices(['best', 'last']),
    )
    .option(
      '--resume <run>',
      'go on with an interrupted run, to the same result; with --steps, go on past its end in a further leg',
    )
    .addHelpText(
      'after',
      examples(
        'elbo train avb --data mnist --steps 20000 --seed 7',
        "elbo train vae --set latent=2 --set 'hidden=[128,128]' --out runs/small",
        'elbo train vae --data mnist --condition label',
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
