import type { Command } from 'commander';
import { reconstructCommand, type PictureFlags } from '../commands/pictures.js';
import { traverseCommand, type TraverseFlags } from '../commands/traverse.js';
import {
  backend,
  checkpoint,
  dataDir,
  examples,
  json,
  plugin,
  seed,
  whole,
  type Run,
  threads,
} from './options.js';

/** The commands that make pictures. */
export function addDrawing(program: Command, run: Run): void {
  program
    .command('reconstruct')
    .description('Draw held-out rows and their reconstructions, as a PNG in the run directory.')
    .summary('draw held-out rows and their reconstructions')
    .argument('<run>', 'a run directory')
    .addHelpText(
      'after',
      examples('elbo reconstruct runs/avb-strokes --count 100 --out reconstruct.png'),
    )
    .option('--count <n>', 'how many', whole(1), 64)
    .addOption(seed().default(0))
    .option('--out <file>', 'the PNG file to write instead')
    .addOption(checkpoint())
    .addOption(dataDir())
    .addOption(plugin())
    .addOption(backend())
    .addOption(threads())
    .addOption(json())
    .action((dir: string, flags: PictureFlags) =>
      run((output, known) => reconstructCommand(dir, flags, output, known))(),
    );

  program
    .command('traverse')
    .description(
      'Draw the effect of each coordinate of z, as a PNG in the run directory. Each coordinate has a row of images, in which its value goes from −2.5 to 2.5; the most used come first.',
    )
    .summary('draw the effect of each coordinate of z')
    .argument('<run>', 'a run directory')
    .addHelpText('after', examples('elbo traverse runs/vae-strokes --row 3 --count 8'))
    .option('--count <n>', 'how many coordinates', whole(1), 10)
    .option('--columns <n>', 'how many values for each', whole(1), 11)
    .option(
      '--row <n>',
      'a held-out row whose code the other coordinates take (default: they are 0)',
      whole(0),
    )
    .option('--class <n>', 'for a model conditioned on labels: the class', whole(0))
    .addOption(seed().default(0))
    .option('--out <file>', 'the PNG file to write instead')
    .addOption(checkpoint())
    .addOption(dataDir())
    .addOption(plugin())
    .addOption(backend())
    .addOption(threads())
    .addOption(json())
    .action((dir: string, flags: TraverseFlags) =>
      run((output, known) => traverseCommand(dir, flags, output, known))(),
    );
}
