import { Option, type Command } from 'commander';
import { exportCommand, type ExportFlags } from '../commands/export.js';
import { backend, checkpoint, examples, json, plugin, type Run } from './options.js';

/** The commands that take what was learnt out of a run. */
export function addUse(program: Command, run: Run): void {
  program
    .command('export')
    .description(
      'Write the model of a run as one safetensors file, with its configuration and without what only training needs: averaged weights where the run keeps an average. loadModel of @elbo/models reads it, in Node and in a page, and so does any safetensors library.',
    )
    .summary('write the model of a run as one file')
    .argument('<run>', 'a run directory')
    .addHelpText(
      'after',
      examples(
        'elbo export runs/vae-strokes',
        'elbo export runs/vae-strokes --part decoder --out decoder.safetensors',
      ),
    )
    .addOption(
      new Option(
        '--part <name>',
        'encoder, or decoder, which samples (default: the whole model)',
      ).choices(['encoder', 'decoder']),
    )
    .option('--out <file>', 'the file to write instead of one in the run directory')
    .addOption(checkpoint())
    .addOption(plugin())
    .addOption(backend())
    .addOption(json())
    .action((dir: string, flags: ExportFlags) =>
      run((output, known) => exportCommand(dir, flags, output, known))(),
    );
}
