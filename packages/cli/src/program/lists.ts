import type { Command } from 'commander';
import { dataGetCommand, dataListCommand, modelsCommand } from '../commands/lists.js';
import { dataDir, examples, json, plugin, type Run } from './options.js';

/** The commands about what there is to train, and on what. */
export function addLists(program: Command, run: Run): void {
  const data = program
    .command('data')
    .description('List the datasets, or find or download one.')
    .summary('list the datasets, or find or download one')
    .addHelpText('after', examples('elbo data list', 'elbo data get mnist'));
  data
    .command('list')
    .description('List the named datasets.')
    .summary('list the named datasets')
    .addHelpText('after', examples('elbo data list'))
    .addOption(plugin())
    .addOption(json())
    .action(run(dataListCommand));
  data
    .command('get')
    .description(
      "Find a dataset's files in --data-dir, $ELBO_DATA_DIR or the cache folder, or download them, and check them.",
    )
    .summary('find or download a dataset, and check it')
    .argument('<name>', 'its name, or a path')
    .addHelpText('after', examples('elbo data get fashion-mnist', 'elbo data get ./my-images'))
    .addOption(dataDir())
    .addOption(plugin())
    .addOption(json())
    .action((name: string, flags: { readonly dataDir?: string }) =>
      run((output, known) => dataGetCommand(name, flags, output, known))(),
    );
  program
    .command('models')
    .description('List the models that can be trained by name, with their options.')
    .summary('list the models, with their options')
    .addHelpText('after', examples('elbo models', 'elbo train avb --set latent=16'))
    .addOption(plugin())
    .addOption(json())
    .action(run(modelsCommand));
}
