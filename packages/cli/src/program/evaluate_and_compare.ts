import type { Command } from 'commander';
import { compareCommand, type CompareFlags } from '../commands/compare.js';
import { evaluateCommand, type EvaluateFlags } from '../commands/evaluate.js';
import { reportCommand } from '../commands/report.js';
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
} from './options.js';

/** The commands that say what runs are worth. */
export function addJudging(program: Command, run: Run): void {
  program
    .command('evaluate')
    .description(
      "Measure a trained model on held-out rows: elbo, the model's own bound, in nats; costs, those of its terms; nll, minus the log-likelihood by importance sampling; ais, the log-likelihood by annealing; bdmc, what that misses, on rows that the model made; codes, what z says of x; probe, how well codes lay out classes; factors, how well their coordinates go with what rows were made from; collapse, its signs; diagnosis, whether the ELBO of a discriminator is true; samples, how these lie among data, by features of a small classifier that is trained once; ood, how well other data are told from these. What is found is kept in the run, and shown in its report.",
    )
    .summary('measure a trained model on held-out rows')
    .argument('<run>', 'a run directory')
    .option(
      '--metric <names>',
      'elbo, costs, nll, ais, bdmc, codes, probe, factors, collapse, diagnosis, samples or ood, several with commas; elbo where the model has one, else costs',
    )
    .option(
      '--rows <n>',
      'how many held-out rows (default: all for elbo and costs, 100 for nll, 20 for ais and bdmc, 200 for diagnosis, 400 for ood, 500 for collapse, 1000 for codes, probe and samples, 5000 for factors)',
      whole(1),
    )
    .option(
      '--samples <n>',
      'importance samples for each row (default: 5000 for nll, 2000 for diagnosis, 100 for ood)',
      whole(1),
    )
    .option('--against <name|path>', 'for ood: other data, whose rows have the same shape')
    .option('--chains <n>', 'annealed chains for each row', whole(1), 16)
    .option('--temperatures <n>', 'steps of annealing', whole(1), 500)
    .option(
      '--fit-steps <n>',
      'for diagnosis: steps of each discriminator that is fitted afresh (default: 2000)',
      whole(2),
    )
    .addHelpText(
      'after',
      examples(
        'elbo evaluate runs/avb-strokes --metric elbo,nll --json',
        'elbo evaluate runs/avb-mnist --metric ood --against fashion-mnist',
      ),
    )
    .addOption(checkpoint())
    .addOption(seed().default(0))
    .addOption(dataDir())
    .addOption(plugin())
    .addOption(backend())
    .addOption(json())
    .action((dir: string, flags: EvaluateFlags) =>
      run((output, known) => evaluateCommand(dir, flags, output, known))(),
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
}
